"""The directory, as LDIF: 20,000 people, all with the same password."""

import base64
import hashlib

PASSWORD = base64.b64encode(hashlib.sha1(b"desk" + b"salt").digest() + b"salt").decode()

print("dn: dc=desk\nobjectClass: dcObject\nobjectClass: organization\no: desk\ndc: desk\n")
print("dn: ou=people,dc=desk\nobjectClass: organizationalUnit\nou: people\n")
for each in range(1, 20001):
    print(f"dn: cn=Person {each},ou=people,dc=desk\nobjectClass: inetOrgPerson\ncn: Person {each}\nsn: Person")
    print(f"uid: p{each}\nmail: p{each}@desk.example\ndepartmentNumber: {each % 40}")
    print(f"description: {hashlib.md5(b'%d' % each).hexdigest() * 4}\nuserPassword: {{SSHA}}{PASSWORD}\n")
