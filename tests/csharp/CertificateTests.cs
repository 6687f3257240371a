// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceTrust;

namespace Werkplek.Tests
{
    public static class CertificateTests
    {
        private const string Thumbprint = "A70D79A3C5A357928D3EF171DCDB5A60E971DBC8";
        private const string Der = "MIIB0TCCAXegAwIBAgIUCgGQ3tXXOh7aQwsuzH618+B8FaAwCgYIKoZIzj0EAwIwPTEdMBsGA1UECgwUR2VtZWVudGUgUGFwZW5k"
            + "cmVjaHQxHDAaBgNVBAMME1BhcGVuZHJlY2h0IFJvb3QgQ0EwIBcNMjYxMTI0MTA0NjMwWhgPMjEyNjEwMzExMDQ2MzBaMD0xHTAb"
            + "BgNVBAoMFEdlbWVlbnRlIFBhcGVuZHJlY2h0MRwwGgYDVQQDDBNQYXBlbmRyZWNodCBSb290IENBMFkwEwYHKoZIzj0CAQYIKoZI"
            + "zj0DAQcDQgAE67QZE/cs9knBBa78XI+S+xy72ynjEFfyj9LK3s3Qv5PqM2ID1iW1wAeAD+xwxA7CqGkNVoZPwhzw+AUPVGe5m6NT"
            + "MFEwHQYDVR0OBBYEFMI/tZoLvcDcF3hbo01BR6p85sDBMB8GA1UdIwQYMBaAFMI/tZoLvcDcF3hbo01BR6p85sDBMA8GA1UdEwEB"
            + "/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgUCGS9jBlvH/1DE9qgUT4EBUW1ESlCG0uctNO2Kvl9doCIQCpol29auwCUHJXGE5n"
            + "EHH8BcgGBoI9oSBnLUql3sjasg==";

        private static Fields Wire(string certificate, string thumbprint = Thumbprint, string state = "present", string store = "root")
        {
            return new Fields(new Dictionary<string, object>
            {
                { "store", store }, { "certificate", certificate }, { "thumbprint", thumbprint }, { "state", state },
            });
        }

        private static IEnumerable<string> Problems(Fields fields)
        {
            Certificates.Parse(fields);
            fields.NoOthers();
            return fields.Problems;
        }

        public static void ACertificateIsShownWithSubjectAndThumbprintAndComparedByThumbprint()
        {
            State wanted = Certificates.Parse(Wire(Der)).Wanted(null);
            Check.Equal(Thumbprint, wanted.Key);
            Check.Equal(true, wanted.Text.Contains("CN=Papendrecht Root CA") && wanted.Text.EndsWith(" (" + Thumbprint + ")"));
            Check.Equal(State.Absent, Certificates.Parse(Wire(null, state: "absent")).Wanted(null).Key);
        }

        public static void WhatIsNoCertificateIsRefused()
        {
            const string expected = "; expected a certificate as DER in base 64";
            Check.Equal(new string[] { "certificate: found nothing" + expected }, Problems(Wire(null)));
            Check.Equal(new string[] { "certificate: found 'x'" + expected }, Problems(Wire("x")));
            Check.Equal(new string[] { "certificate: found 'MAA='" + expected }, Problems(Wire("MAA=")));
        }

        public static void ACertificateUnderAnothersThumbprintIsRefused()
        {
            string other = new string('0', 40);
            Check.Equal(new string[] { "thumbprint: found '" + other + "'; expected " + Thumbprint + ", as the certificate has" },
                Problems(Wire(Der, other)));
        }

        public static void StoresAndThumbprintsHaveOneForm()
        {
            Check.Equal(new string[]
            {
                "store: found 'my'; expected one of root, ca, trustedpublisher, disallowed",
                "thumbprint: found 'a7'; expected a SHA-1 thumbprint: 40 hexadecimal digits, capitals",
            }, Problems(Wire(null, "a7", "absent", "my")));
        }

        public static void OneCertificateIsTwoThingsInTwoStores()
        {
            Check.Equal("certificate " + Thumbprint + " of root", Certificates.Parse(Wire(Der)).Identity);
            Check.Equal("certificate " + Thumbprint + " of ca", Certificates.Parse(Wire(Der, store: "ca")).Identity);
        }
    }
}
