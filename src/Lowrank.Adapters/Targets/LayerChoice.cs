namespace Lowrank.Adapters;

/// <summary>The layers of a model that patterns choose for a method, and what they match and the method leaves alone.</summary>
/// <param name="Targets">What is adapted, in the model's order; at least one.</param>
/// <param name="PassedOver">What a pattern matches and nothing adapts, with the reason.</param>
sealed record LayerChoice(IReadOnlyList<Target> Targets, IReadOnlyList<UnadaptableLayer> PassedOver)
{
    /// <summary>Chooses. A layer that is called by its name must be one that the method can adapt; a wildcard passes others over.</summary>
    /// <param name="model">The model.</param>
    /// <param name="patterns">Which layers, with commas.</param>
    /// <param name="exclude">Which of them not, with commas; null for none.</param>
    /// <param name="refuses">Why the method cannot adapt a target; null where it can.</param>
    /// <exception cref="LowrankException">A pattern chooses nothing, or only what cannot be adapted.</exception>
    public static LayerChoice Of(ModelDescription model, string patterns, string? exclude, Func<Target, string?> refuses)
    {
        var places = TargetPlace.In(model);
        var without = Parsed(exclude ?? "");
        foreach (var pattern in without) RequireAny(pattern, places, model.Unadaptable);
        List<TargetPlace> open = [.. places.Where(place => !without.Exists(pattern => pattern.Chooses(place)))];
        List<UnadaptableLayer> shut = [.. model.Unadaptable.Where(layer => !without.Exists(pattern => pattern.Chooses(layer)))];

        var targets = new HashSet<string>();
        var passed = new List<UnadaptableLayer>();
        foreach (var pattern in Parsed(patterns, atLeastOne: true))
        {
            RequireAny(pattern, places, model.Unadaptable);
            var (adapted, left) = Matched(pattern, open.FindAll(pattern.Chooses), shut.FindAll(pattern.Chooses), refuses);
            targets.UnionWith(adapted);
            passed.AddRange(left);
        }
        return new(
            [.. places.Select(place => place.Target).Where(target => targets.Contains(target.Path))],
            [.. passed.Distinct().Where(layer => !targets.Contains(layer.Path))]);
    }

    // Of what a pattern matches: the paths of what is adapted, at least one, and what is left.
    static (List<string> Adapted, List<UnadaptableLayer> Left) Matched(
        TargetPattern pattern, List<TargetPlace> places, List<UnadaptableLayer> left, Func<Target, string?> refuses)
    {
        var adapted = new List<string>();
        foreach (var place in places)
        {
            string? reason = refuses(place.Target);
            if (reason is not null && pattern.Names(place)) throw new LowrankException($"{place.Target} cannot be adapted: {reason}");
            if (reason is null) adapted.Add(place.Target.Path);
            else left.Add(new(place.Target.Path, place.Target.Kind.ToString(), reason));
        }
        if (adapted.Count > 0) return (adapted, left);
        throw new LowrankException($"\"{pattern}\" chooses no layer that can be adapted{Reasons(left)}");
    }

    /// <summary>The patterns of a text, with commas; those inside of an expression between slashes are the expression's.</summary>
    public static List<TargetPattern> Parsed(string patterns, bool atLeastOne = false)
    {
        return !atLeastOne && patterns.Length == 0 ? [] : [.. Words(patterns).Select(TargetPattern.Parse)];
    }

    static List<string> Words(string patterns)
    {
        var words = new List<string>();
        bool isOpen = false;
        foreach (string piece in patterns.Split(','))
        {
            if (isOpen) words[^1] += "," + piece;
            else words.Add(piece.Trim());
            if (!isOpen) isOpen = words[^1] is ['/', ..] && !IsWhole(words[^1]);
            else isOpen = !IsWhole(words[^1].TrimEnd());
            if (!isOpen) words[^1] = words[^1].Trim();
        }
        return words;
    }

    static bool IsWhole(string word) => word is ['/', .., '/'];

    /// <summary>Throws where a pattern matches nothing of a model.</summary>
    public static void RequireAny(TargetPattern pattern, IReadOnlyList<TargetPlace> places, IEnumerable<UnadaptableLayer> unadaptable)
    {
        if (places.Any(pattern.Chooses) || unadaptable.Any(pattern.Chooses)) return;
        if (places.Count == 0)
            throw new LowrankException(
                $"\"{pattern}\" chooses no layer, and the model has none that can be adapted{Reasons([.. unadaptable])}");
        throw new LowrankException($"\"{pattern}\" chooses no layer (nearest: {string.Join(", ", pattern.Nearest(places))})");
    }

    static string Reasons(List<UnadaptableLayer> layers)
    {
        if (layers.Count == 0) return "";
        string more = layers.Count > 3 ? $"; and {layers.Count - 3} more" : "";
        return $": {string.Join("; ", layers.Take(3))}{more}";
    }
}
