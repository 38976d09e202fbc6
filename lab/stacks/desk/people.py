"""The directory, as LDIF: 20,000 people, all with the same password."""

import base64
import hashlib

PASSWORD = base64.b64encode(hashlib.sha1(b"desk" + b"salt").digest() + b"salt").decode()

print("dn: dc=desk\nobjectClass: dcObject\nobjectClass: organization\no: desk\ndc: desk\n")
print("dn: ou=people,dc=desk\nobjectClass: organizationalUnit\nou: people\n")
for each in range(1, 20001):
    print(f"dn: cn=Person {each},ou=people,dc=desk\nobjectClass: inetOrgPerson\ncn: Person {each}\nsn: Person\nuid: p{each}")
    print(f"mail: p{each}@desk.example\ndepartmentNumber: {each % 40}\ndescription: {hashlib.md5(b'%d' % each).hexdigest() * 4}")
    print(f"userPassword: {{SSHA}}{PASSWORD}\n")
