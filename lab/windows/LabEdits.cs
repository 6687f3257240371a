// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceKinds;

namespace Werkplek.Lab
{
    /// <summary>
    /// Changes behind Ansible's back. An edit is a setting without its id; a registry edit of HKCU may name its `user`.
    /// Besides the engine's kinds: service with `state: absent` (not installed), user (by `sid`; `signed_in`, true when left
    /// out; `folder` of the profile; `hive`, see LabHives; with `state: absent` the profile is gone, and its entry in the
    /// registry's list is left), wireless_interface (`state`), group_policy and policy_file (see LabPolicies), session (`user`,
    /// `state` active, disconnected or gone, and `idle` seconds), image (`version`), pending_restart (`because`) and restart (see
    /// LabSessions), and faults (see LabFaults; replaces all faults).
    /// </summary>
    public static class LabEdits
    {
        private static readonly string[] Others =
        {
            "user", "wireless_interface", "faults", "group_policy", "policy_file", "session", "image", "pending_restart", "restart",
        };

        public static void Apply(LabState state, IList edits)
        {
            // a host looks for its users once: each edit has its own
            foreach (IDictionary edit in edits)
                using (LabHost host = new LabHost(state, new LabFaults(new Dictionary<string, object>())))
                {
                    Fields fields = new Fields(edit);
                    ApplyOne(state, new Session(host), fields);
                    fields.NoOthers();
                    if (fields.Problems.Count > 0)
                        throw new ArgumentException(LabState.Text(edit) + ": " + String.Join("; ", fields.Problems));
                }
        }

        private static void ApplyOne(LabState state, Session session, Fields fields)
        {
            string kind = fields.Choice("kind", null, Kinds.Parsers.Keys.Concat(Others).ToArray());
            if (kind == "faults")
                SetFaults(state, fields);
            else if (kind == "user")
                LabHives.SetUser(state, session, fields);
            else if (kind == "wireless_interface")
                state.Set("wireless", "interface", fields.Choice("state", "present", "present", "absent") == "present");
            else if (kind == "policy_file")
                LabPolicies.SetFile(state, fields);
            else if (kind == "group_policy")
                LabPolicies.Apply(state, session, fields);
            else if (kind == "service")
                SetService(state, fields);
            else if (kind == "session")
                LabSessions.Set(state, session.Host.Registry, fields);
            else if (kind == "image")
                LabSessions.SetImage(session.Host.Registry, fields);
            else if (kind == "pending_restart")
                LabSessions.SetPending(session.Host.Registry, fields);
            else if (kind == "restart")
                LabSessions.Restart(state, session.Host.Registry);
            else
                Enforce(session, kind, fields);
        }

        private static void SetFaults(LabState state, Fields fields)
        {
            foreach (string fault in LabFaults.Kinds)
                if (fields.Has(fault))
                    state.Set("faults", fault, fields.Texts(fault, ".+", "a label"));
                else
                    state.Remove("faults", fault);
        }

        private static void SetService(LabState state, Fields fields)
        {
            string name = fields.Text("name", @"[^/\\]+", "a service's name");
            if (fields.Choice("state", "present", "present", "absent") == "absent")
            {
                state.Remove("services", name);
                return;
            }
            string start = fields.Choice("start", null, "automatic", "delayed", "manual", "disabled");
            string status = fields.Choice("status", "stopped", "running", "stopped", "paused");
            state.Set("services", name, new Dictionary<string, object> { { "start", start }, { "status", status } });
        }

        public static void Enforce(Session session, string kind, Fields fields)
        {
            string user = fields.Raw("user") as string;
            fields.Hidden = kind == "wifi_profile";   // as the module has it for every setting with a key
            Item item = Kinds.Parsers[kind](fields);
            if (fields.Problems.Count > 0)
                return;
            IEnumerable<Item> items = new Item[] { item };
            if (item.PerUser)
                items = session.Host.Registry.UserHives().Where(h => h.Error == null && (user == null || h.Name == user)).Select(h => item.In(h)).ToList();
            if (!items.Any())
                fields.Wrong("user", "a user of this host");
            foreach (Item each in items)
            {
                each.Write(session, each.Read(session));
                each.Commit(session);
            }
        }
    }
}
