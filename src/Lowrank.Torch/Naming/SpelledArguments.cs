namespace Lowrank.Torch;

/// <summary>Arguments written as <c>name=value</c>, in our words or in those of Python's libraries: <c>betas=(0.9, 0.99)</c>.</summary>
static class SpelledArguments
{
    // Names that stand for several arguments, in order.
    static readonly (string Name, string[] Parts)[] tuples = [("betas", ["beta1", "beta2", "beta3"]), ("eps", ["epsilon", "epsilon2"])];

    /// <summary>Reads them, to values by our names.</summary>
    /// <param name="owner">Whose they are, as errors tell it: "the optimizer lion".</param>
    /// <param name="arguments">Those that it has.</param>
    /// <param name="spellings">What others call some of them.</param>
    /// <param name="pairs">The texts.</param>
    /// <exception cref="LowrankException">One is no pair, is given twice, has a name that is not known (the nearest are told) or a value
    /// that cannot be.</exception>
    public static Dictionary<string, string> Read(
        string owner, IReadOnlyList<NamedArgument> arguments, IReadOnlyDictionary<string, string> spellings, IEnumerable<string> pairs)
    {
        var read = new Dictionary<string, string>();
        foreach (string pair in pairs)
        {
            int sign = pair.IndexOf('=', StringComparison.Ordinal);
            if (sign <= 0) throw new LowrankException($"{owner}: \"{pair}\" is no argument; write name=value");
            string name = pair[..sign].Trim(), text = Bare(pair[(sign + 1)..]);
            foreach (var (argument, value) in Meant(owner, arguments, spellings, name, text))
            {
                if (value is "None") continue;
                if (argument.Fault(value) is { } fault) throw new LowrankException($"{owner}: {fault}");
                if (!read.TryAdd(argument.Name, argument.Plain(value)))
                    throw new LowrankException($"{owner}: {argument.Name} is given twice");
            }
        }
        return read;
    }

    static IEnumerable<(NamedArgument Argument, string Value)> Meant(
        string owner, IReadOnlyList<NamedArgument> arguments, IReadOnlyDictionary<string, string> spellings, string name, string text)
    {
        string own = spellings.GetValueOrDefault(name, name);
        if (arguments.FirstOrDefault(one => one.Name == own || one.AlsoCalled.Contains(own)) is { } found) return [(found, text)];
        if (tuples.FirstOrDefault(one => one.Name == name) is { Parts: { } parts })
        {
            List<NamedArgument> meant = [.. arguments.Where(one => parts.Contains(one.Name)).OrderBy(one => one.Name)];
            string[] values = text.Split(',', StringSplitOptions.TrimEntries);
            // What may be none may be left out.
            int least = meant.Count(one => one.Default != "none");
            if (meant.Count > 0 && values.Length >= least && values.Length <= meant.Count) return meant.Zip(values);
            if (meant.Count > 0) throw new LowrankException($"{owner}: {name} is {text}, and has {meant.Count} numbers");
        }
        string[] known = [.. arguments.Select(one => one.Name), .. spellings.Keys];
        var near = NearestNames.Resembling(name, known);
        string nearest = near.Count > 0 ? $" (nearest: {string.Join(", ", near)})" : "";
        string all = known.Length > 0 ? $"it has {string.Join(", ", known)}" : "it has none";
        throw new LowrankException($"{owner} has no argument \"{name}\"{nearest}; {all}");
    }

    // Without the brackets of a tuple or the quotes of a string.
    static string Bare(string text) => text.Trim().Trim('(', ')', '[', ']', '"', '\'').Trim();
}
