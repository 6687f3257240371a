// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Ansible.WorkplaceFields
{
    /// <summary>The fields of one document object. Remembers which were read and what was wrong with them.</summary>
    public sealed class Fields
    {
        public readonly List<string> Problems = new List<string>();

        /// <summary>Problems do not show what was found from now on.</summary>
        public bool Hidden;

        private readonly Dictionary<string, object> values = new Dictionary<string, object>();
        private readonly HashSet<string> read = new HashSet<string>();

        public Fields(IDictionary document)
        {
            foreach (DictionaryEntry entry in document)
                if (entry.Value != null)   // null is the same as omitted
                    values[(string)entry.Key] = entry.Value;
        }

        public bool Has(string name)
        {
            return values.ContainsKey(name);
        }

        public object Raw(string name)
        {
            object value;
            read.Add(name);
            return values.TryGetValue(name, out value) ? value : null;
        }

        public void Wrong(string name, string expected)
        {
            object found = Raw(name);
            string text = found == null ? "nothing" : Hidden ? "<secret>" : found is IDictionary ? "an object" : found is IList ? "a list"
                : found is string ? "'" + found + "'" : Convert.ToString(found, CultureInfo.InvariantCulture).ToLowerInvariant();
            Problems.Add(String.Format("{0}: found {1}; expected {2}", name, text, expected));
        }

        /// <summary>A text that matches the whole pattern; "" with a problem noted when it does not.</summary>
        public string Text(string name, string pattern, string expected)
        {
            string text = Raw(name) as string;
            if (Matches(text, pattern))
                return text;
            Wrong(name, expected);
            return "";
        }

        public string Choice(string name, string standard, params string[] choices)
        {
            if (standard != null && !Has(name))
                return standard;
            string text = Raw(name) as string;
            if (text != null && choices.Contains(text))
                return text;
            Wrong(name, "one of " + String.Join(", ", choices));
            return choices[0];
        }

        public string[] Texts(string name, string pattern, string expected)
        {
            IList items = Raw(name) as IList;
            string[] texts = items == null ? null : items.Cast<object>().Select(i => i as string).ToArray();
            if (texts != null && texts.All(t => Matches(t, pattern)))
                return texts;
            Wrong(name, "a list, each item " + expected);
            return new string[0];
        }

        /// <summary>False when left out.</summary>
        public bool Flag(string name)
        {
            object value = Raw(name);
            if (value != null && !(value is bool))
                Wrong(name, "true or false");
            return value != null && !false.Equals(value);
        }

        /// <summary>A whole number between two bounds.</summary>
        public decimal Number(string name, decimal low, decimal high)
        {
            object value = Raw(name);
            // JSON libraries differ in the type they choose for a number; its text is the same
            string text = value is string || value is bool ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
            decimal number;
            if (Decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
                && number == Decimal.Truncate(number) && number >= low && number <= high)
                return number;
            Wrong(name, String.Format(CultureInfo.InvariantCulture, "a whole number, {0} to {1}", low, high));
            return low;
        }

        public void NoOthers()
        {
            foreach (string name in values.Keys.Where(k => !read.Contains(k)).OrderBy(k => k, StringComparer.Ordinal))
                Problems.Add(name + ": unknown field");
        }

        private static bool Matches(string text, string pattern)
        {
            return text != null && Regex.IsMatch(text, "^(?:" + pattern + ")\\z", RegexOptions.Singleline);
        }
    }
}
