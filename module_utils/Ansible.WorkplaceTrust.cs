// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceRegistry;

// for all files: Ansible takes it once. The constructor that .NET 9 calls obsolete is the only one in .NET Framework
//NoWarn -Name SYSLIB0057 -CLR Core

// Settings of kind `certificate`: whom the machine trusts, and whom never.
namespace Ansible.WorkplaceTrust
{
    public sealed class CertificateItem : Item
    {
        private readonly string store, thumbprint;
        private readonly byte[] certificate;

        /// <param name="certificate">DER; null: the certificate must be absent.</param>
        public CertificateItem(string store, string thumbprint, byte[] certificate)
        {
            this.store = store;
            this.thumbprint = thumbprint;
            this.certificate = certificate;
        }

        public override string Identity { get { return "certificate " + thumbprint + " of " + store; } }

        public override State Read(Session session)
        {
            return Show(session.Host.Certificates.Find(store, thumbprint));
        }

        public override State Wanted(State now)
        {
            return Show(certificate);
        }

        public override void Write(Session session, State now)
        {
            if (certificate == null)
                session.Host.Certificates.Remove(store, thumbprint);
            else
                session.Host.Certificates.Add(store, certificate);
        }

        /// <summary>`subject (thumbprint)`; the thumbprint alone is compared.</summary>
        private State Show(byte[] found)
        {
            if (found == null)
                return new State(State.Absent);
            string subject = RegistryText.Escape(new X509Certificate2(found).Subject);
            return new State(subject + " (" + thumbprint + ")", thumbprint);
        }
    }

    public static class Certificates
    {
        public static Item Parse(Fields fields)
        {
            string store = fields.Choice("store", null, "root", "ca", "trustedpublisher", "disallowed");
            string thumbprint = fields.Text("thumbprint", "[0-9A-F]{40}", "a SHA-1 thumbprint: 40 hexadecimal digits, capitals");
            if (fields.Choice("state", "present", "present", "absent") == "present")
                return new CertificateItem(store, thumbprint, ParseDer(fields, thumbprint));
            fields.Raw("certificate");   // may stay when a setting is turned to absent
            return new CertificateItem(store, thumbprint, null);
        }

        private static byte[] ParseDer(Fields fields, string thumbprint)
        {
            byte[] der = Der(fields.Raw("certificate") as string);
            if (der == null)
                fields.Wrong("certificate", "a certificate as DER in base 64");
            else if (Thumbprint(der) != thumbprint)
                fields.Wrong("thumbprint", Thumbprint(der) + ", as the certificate has");
            return der;
        }

        private static byte[] Der(string text)
        {
            try
            {
                byte[] der = Convert.FromBase64String(text);
                // other encodings and containers would be taken too; of DER alone the digest is the thumbprint
                return new X509Certificate2(der).GetCertHashString() == Thumbprint(der) ? der : null;
            }
            catch (Exception)   // each part of it has its own
            {
                return null;
            }
        }

        private static string Thumbprint(byte[] der)
        {
            using (SHA1 sha = SHA1.Create())
                return RegistryText.Hex(sha.ComputeHash(der)).ToUpperInvariant();
        }
    }
}
