// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceWifiXml;

namespace Werkplek.Lab
{
    /// <summary>Section `certificates` of the state: `store thumbprint` to DER in base 64.</summary>
    public sealed class LabCertificates : LabPart, ICertificates
    {
        public LabCertificates(LabState state, LabFaults faults) : base(state, faults, "certificates", "certificate") { }

        public byte[] Find(string store, string thumbprint)
        {
            string der = (string)Get(store + " " + thumbprint);
            return der == null ? null : Convert.FromBase64String(der);
        }

        public void Add(string store, byte[] certificate)
        {
            Put(store + " " + new X509Certificate2(certificate).GetCertHashString(), Convert.ToBase64String(certificate));
        }

        public void Remove(string store, string thumbprint)
        {
            Drop(store + " " + thumbprint);
        }
    }

    /// <summary>
    /// One wireless interface, or none where section `wireless` of the state says so; served while the service WlanSvc
    /// runs. Section `wifi_profiles`: a network's name to its profile's XML.
    /// </summary>
    public sealed class LabWifi : LabPart, IWifi
    {
        public LabWifi(LabState state, LabFaults faults) : base(state, faults, "wifi_profiles", "wifi profile") { }

        public IList<string> Read(string name)
        {
            Need();
            return new string[] { (string)Get(name) };
        }

        public void Write(string xml)
        {
            Need();
            WifiProfile profile = WifiProfile.Parse(xml);
            if (!WifiProfile.Known.Contains(profile.Security))
                throw new InvalidOperationException("the lab knows no security " + profile.Security);
            Put(profile.Ssid, xml);
        }

        public void Delete(string name)
        {
            Need();
            Drop(name);
        }

        private void Need()
        {
            object service;
            State.Section("services").TryGetValue("WlanSvc", out service);
            if (service == null || (string)((IDictionary<string, object>)service)["status"] != "running")
                throw new MissingPartException("the wireless service (WlanSvc) is not running");
            if (false.Equals(State.Section("wireless")["interface"]))
                throw new MissingPartException("this host has no wireless interface");
        }
    }
}
