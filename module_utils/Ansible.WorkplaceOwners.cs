// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceClaimFiles;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;

// Who else sets what a setting governs: group policy or MDM.
namespace Ansible.WorkplaceOwners
{
    /// <summary>Someone who wants a setting's thing to be otherwise than the setting does.</summary>
    public sealed class Owner
    {
        public readonly State Wanted;
        private readonly Claims claims;

        public Owner(Claims claims, State wanted)
        {
            this.claims = claims;
            Wanted = wanted;
        }

        /// <param name="wanted">What the owner sets, as it may be shown.</param>
        public string Describe(string wanted)
        {
            string does = Wanted.Text == State.Absent ? "removes it" : "sets " + wanted;
            return String.Format("{0} {1} ({2})", claims.Who, does, claims.Where);
        }
    }

    /// <summary>The policies of one host, each read when it is first asked for. What cannot be read owns nothing.</summary>
    public sealed class Owners
    {
        private const string GroupPolicy = "group policy", Machine = "HKLM:\\";
        private const string LocalPolicy = @"%SystemRoot%\System32\GroupPolicy\";
        private readonly IHost host;
        private readonly Action<string> warn;
        private readonly Lazy<IList<Claims>> machine, mdm;
        private readonly Dictionary<string, IList<Claims>> users = new Dictionary<string, IList<Claims>>();
        private readonly Dictionary<string, RegistryClaims> registryFiles = new Dictionary<string, RegistryClaims>();

        /// <param name="warn">Called with what cannot be read.</param>
        public Owners(IHost host, Action<string> warn)
        {
            this.host = host;
            this.warn = warn;
            machine = new Lazy<IList<Claims>>(() => OfMachine().ToList());
            mdm = new Lazy<IList<Claims>>(OfMdm);
        }

        /// <summary>Who owns an item that differs from what is wanted; null when nobody is known to.</summary>
        /// <param name="user">The hive of a user's item, else null.</param>
        public Owner Of(Item item, State wanted, UserHive user)
        {
            Owner owner = GroupPolicies(user).Select(c => Ask(c, item)).FirstOrDefault(o => o != null);
            if (owner == null || owner.Wanted.Key == wanted.Key)
                owner = mdm.Value.Select(c => Ask(c, item)).FirstOrDefault(o => o != null && o.Wanted.Key != wanted.Key);
            return owner;
        }

        private static Owner Ask(Claims claims, Item item)
        {
            State wanted = item.ClaimedBy(claims);
            return wanted == null ? null : new Owner(claims, wanted);
        }

        /// <summary>The first that says something of an item decides.</summary>
        private IEnumerable<Claims> GroupPolicies(UserHive user)
        {
            if (user == null)
                return machine.Value;
            IList<Claims> found;
            if (!users.TryGetValue(user.Name, out found))
                users[user.Name] = found = OfUser(user).ToList();
            return found;
        }

        private IEnumerable<Claims> OfMachine()
        {
            foreach (string pattern in new string[] { @"%ProgramData%\ntuser.pol", LocalPolicy + @"Machine\Registry.pol" })
                foreach (Claims claims in RegistryFiles(pattern, Machine))
                    yield return claims;
            // applied from the lowest number on, so the highest decides; .dom: linked to the domain
            IEnumerable<string> templates = Find(@"%SystemRoot%\security\templates\policies\gpt*").Where(IsTemplate);
            foreach (Claims claims in TextFiles(templates.OrderByDescending(f => f, StringComparer.OrdinalIgnoreCase),
                TextPolicyFile.ReadTemplate))
                yield return claims;
            string[] audits = { @"%SystemRoot%\security\audit\audit.csv", LocalPolicy + @"Machine\Microsoft\Windows NT\Audit\audit.csv" };
            foreach (Claims claims in TextFiles(audits.SelectMany(Find), TextPolicyFile.ReadAudit))
                yield return claims;
        }

        private IEnumerable<Claims> OfUser(UserHive user)
        {
            if (user.Name == "default")   // no policy is applied to the profile that new users start from
                return new Claims[0];
            string root = "HKU:\\" + user.Root + "\\", folder = ProfileFolder(user);
            string[] patterns = folder == null ? new string[0] : new string[] { folder + @"\ntuser.pol" };
            return patterns.Concat(new string[] { LocalPolicy + @"User\Registry.pol" }).SelectMany(p => RegistryFiles(p, root));
        }

        private string ProfileFolder(UserHive user)
        {
            const string list = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\";
            RegistryPath profile = new RegistryPath(RegistryHive.LocalMachine, list + user.Name);
            RegistryValue folder = Try("the profile folder of " + user.Name, () => host.Registry.Read(profile, "ProfileImagePath"));
            return folder == null ? null : folder.Data as string;
        }

        private static bool IsTemplate(string file)
        {
            return file.EndsWith(".inf", StringComparison.OrdinalIgnoreCase) || file.EndsWith(".dom", StringComparison.OrdinalIgnoreCase);
        }

        private IEnumerable<Claims> RegistryFiles(string pattern, string root)
        {
            foreach (string file in Find(pattern))
            {
                RegistryClaims claims;
                if (!registryFiles.TryGetValue(file, out claims))
                    registryFiles[file] = claims = Try(file, () => RegistryPolicyFile.Parse(host.PolicyFiles.Read(file)));
                if (claims != null)
                    yield return new Claims(GroupPolicy, file, root, claims);
            }
        }

        private IEnumerable<Claims> TextFiles(IEnumerable<string> files, Action<byte[], Claims> read)
        {
            foreach (string file in files)
            {
                Claims claims = new Claims(GroupPolicy, file, Machine, new RegistryClaims());
                if (Try(file, () => { read(host.PolicyFiles.Read(file), claims); return claims; }) != null)
                    yield return claims;
            }
        }

        private IEnumerable<string> Find(string pattern)
        {
            return Try(pattern, () => host.PolicyFiles.Find(pattern)) ?? new string[0];
        }

        private IList<Claims> OfMdm()
        {
            return Try("the policies of MDM", () => MdmPolicies.InForce(host.Registry)) ?? new Claims[0];
        }

        private T Try<T>(string what, Func<T> read) where T : class
        {
            try
            {
                return read();
            }
            catch (Exception e)
            {
                warn(String.Format("cannot read {0}: {1}; treated as if nothing were set there", what, e.Message.Trim()));
                return null;
            }
        }
    }

    /// <summary>
    /// The policies that MDM has in force. Microsoft does not specify how Windows keeps them; this is what is observed:
    /// PolicyManager\current\device\Area holds a policy's value under its name, with `_ProviderSet` 1 and
    /// `_WinningProvider`, the enrolment that set it. PolicyManager\default\Area\Policy says which registry value it writes
    /// (RegKeyPathRedirect, RegValueNameRedirect) and which one of group policy has the same meaning (GPBlocking...).
    /// </summary>
    public static class MdmPolicies
    {
        private const string Root = @"SOFTWARE\Microsoft\PolicyManager\";
        private const string Provider = "_WinningProvider", Set = "_ProviderSet";

        public static IList<Claims> InForce(IRegistry registry)
        {
            List<Claims> policies = new List<Claims>();
            foreach (string area in registry.SubKeys(Path(@"current\device")))
            {
                IDictionary<string, RegistryValue> values = All(registry, @"current\device\" + area);
                foreach (string policy in values.Keys.Where(n => IsInForce(n, values)))
                    policies.Add(Read(registry, area, policy, values));
            }
            return policies;
        }

        private static bool IsInForce(string name, IDictionary<string, RegistryValue> values)
        {
            RegistryValue set;
            return values.ContainsKey(name + Provider) || (values.TryGetValue(name + Set, out set) && 1.Equals(set.Data));
        }

        private static Claims Read(IRegistry registry, string area, string policy, IDictionary<string, RegistryValue> values)
        {
            RegistryClaims claims = new RegistryClaims();
            IDictionary<string, RegistryValue> meaning = All(registry, @"default\" + area + "\\" + policy);
            Claim(claims, Text(meaning, "RegKeyPathRedirect"), Text(meaning, "RegValueNameRedirect"), values[policy]);
            Claim(claims, Text(meaning, "GPBlockingRegKeyPath"), Text(meaning, "GPBlockingRegValueName"), values[policy]);
            string provider = Text(values, policy + Provider) ?? "unknown";
            return new Claims("MDM policy " + area + "/" + policy, "provider " + provider, "HKLM:\\", claims);
        }

        private static void Claim(RegistryClaims claims, string key, string name, RegistryValue value)
        {
            if (key != null && name != null)
                claims.At(key.Trim('\\')).Set(name, value);
        }

        private static IDictionary<string, RegistryValue> All(IRegistry registry, string key)
        {
            return registry.ReadAll(Path(key)) ?? new Dictionary<string, RegistryValue>();
        }

        private static string Text(IDictionary<string, RegistryValue> values, string name)
        {
            RegistryValue value;
            return values.TryGetValue(name, out value) ? value.Data as string : null;
        }

        private static RegistryPath Path(string key)
        {
            return new RegistryPath(RegistryHive.LocalMachine, Root + key);
        }
    }
}
