// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Ansible.WorkplaceHost;

namespace Ansible.WorkplaceStores
{
    /// <summary>This Windows' certificate stores of the machine.</summary>
    internal sealed class WindowsCertificates : ICertificates
    {
        public byte[] Find(string store, string thumbprint)
        {
            return In(store, OpenFlags.ReadOnly, opened =>
            {
                X509Certificate2 found = Search(opened, thumbprint);
                return found == null ? null : found.RawData;
            });
        }

        public void Add(string store, byte[] certificate)
        {
            In(store, OpenFlags.ReadWrite, opened =>
            {
                opened.Add(new X509Certificate2(certificate));
                return true;
            });
        }

        public void Remove(string store, string thumbprint)
        {
            In(store, OpenFlags.ReadWrite, opened =>
            {
                X509Certificate2 found = Search(opened, thumbprint);
                if (found != null)
                    opened.Remove(found);
                return true;
            });
        }

        private static X509Certificate2 Search(X509Store store, string thumbprint)
        {
            return store.Certificates.Find(X509FindType.FindByThumbprint, thumbprint, false).Cast<X509Certificate2>().FirstOrDefault();
        }

        private static T In<T>(string name, OpenFlags flags, Func<X509Store, T> use)
        {
            X509Store store = new X509Store(name, StoreLocation.LocalMachine);
            store.Open(flags | OpenFlags.OpenExistingOnly);
            try
            {
                return use(store);
            }
            finally
            {
                store.Close();
            }
        }
    }
}
