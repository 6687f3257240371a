// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceKinds;

// From the request document to settings. Everything that is wrong with it is found before anything is touched.
namespace Ansible.WorkplaceRequest
{
    public sealed class Setting
    {
        public readonly string Id;
        public readonly Item Item;

        /// <summary>Read and never written.</summary>
        public readonly bool Waived;

        /// <summary>No text may show what is wanted or found.</summary>
        public readonly bool Secret;

        public Setting(string id, Item item, bool waived = false, bool secret = false)
        {
            Id = id;
            Item = item;
            Waived = waived;
            Secret = secret;
        }
    }

    public static class Request
    {
        /// <summary>The settings of a request; `problems` receives all that is wrong with it.</summary>
        public static IList<Setting> Parse(object document, IList<string> problems)
        {
            List<Setting> settings = new List<Setting>();
            IDictionary map = document as IDictionary;
            if (map == null)
            {
                problems.Add("policy: found no JSON object; expected {\"schema\": 1, \"settings\": [...]}");
                return settings;
            }
            Fields top = new Fields(map);
            top.Number("schema", 1, 1);
            IList items = top.Raw("settings") as IList;
            if (items == null)
                top.Wrong("settings", "a list of settings");
            top.NoOthers();
            foreach (string problem in top.Problems)
                problems.Add(problem);
            for (int i = 0; items != null && i < items.Count; i++)
                settings.Add(ParseSetting(items[i] as IDictionary, i, problems));
            if (problems.Count == 0)
                FindDuplicates(settings, problems);
            return settings;
        }

        private static Setting ParseSetting(IDictionary document, int index, IList<string> problems)
        {
            if (document == null)
            {
                problems.Add(String.Format("settings[{0}]: found no object; expected a setting", index));
                return null;
            }
            Fields fields = new Fields(document);
            string id = fields.Text("id", ".+", "the setting's id");
            string kind = fields.Choice("kind", null, Kinds.Parsers.Keys.ToArray());
            bool waived = fields.Has("observe") && fields.Choice("observe", null, "waived") == "waived";
            bool secret = fields.Flag("secret");
            Item item = null;
            fields.Hidden = secret;
            if (fields.Problems.Count == 0)
            {
                item = Kinds.Parsers[kind](fields);
                fields.NoOthers();
            }
            string where = String.Format("settings[{0}]{1}: ", index, id == "" ? "" : " (" + id + ")");
            foreach (string problem in fields.Problems)
                problems.Add(where + problem);
            return new Setting(id, item, waived, secret);
        }

        private static void FindDuplicates(IList<Setting> settings, IList<string> problems)
        {
            foreach (IGrouping<string, Setting> same in settings.GroupBy(s => s.Id).Where(g => g.Count() > 1))
                problems.Add(String.Format("id {0} is used {1} times", same.Key, same.Count()));
            var rivals = settings.Where(s => s.Item.Identity != null)
                .GroupBy(s => s.Item.Identity, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1);
            foreach (IGrouping<string, Setting> same in rivals)
                problems.Add(String.Format("{0} is governed more than once: by {1}", same.Key, String.Join(", ", same.Select(s => s.Id))));
        }
    }
}
