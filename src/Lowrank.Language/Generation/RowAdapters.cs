namespace Lowrank.Language;

/// <summary>Which adapter each row of a batch is written with.</summary>
sealed class RowAdapters
{
    readonly ModelDescription model;
    readonly Attachment?[]? each;   // by request; null where all have what is switched on

    /// <summary>The adapters that requests name.</summary>
    /// <exception cref="LowrankException">There is none of a name, or some requests name none while adapters are switched on.</exception>
    public RowAdapters(LanguageModel language, IReadOnlyList<GenerationRequest> requests)
    {
        model = language.Network.Describe();
        if (requests.All(request => request.Options.Adapter is null)) return;
        var adapters = language.Adapters;
        each = [.. requests.Select(request => request.Options.Adapter is { Length: > 0 } name ? adapters[name] : null)];
        int idle = Array.FindIndex(each, one => one is { Active: false });
        if (idle >= 0)
            throw new LowrankException($"the adapter \"{requests[idle].Options.Adapter}\" is switched off and would change nothing. " +
                "Switch on all that requests name: Adapters.SetActive(...).");
        int unnamed = requests.ToList().FindIndex(request => request.Options.Adapter is null);
        if (unnamed >= 0 && adapters.Active.Count > 0)
            throw new LowrankException($"request {unnamed + 1} names no adapter, others do, and {string.Join(", ", adapters.Active)} " +
                "would write with it. Name one for each request, or \"\" for the base.");
    }

    /// <summary>A block in which the rows of a batch have their adapters.</summary>
    /// <param name="rows">Number of the request of each row.</param>
    public IDisposable? Within(IEnumerable<int> rows)
    {
        if (each is null) return null;
        Attachment?[] chosen = [.. rows.Select(row => each[row])];
        return chosen.All(one => one is null) ? model.WithoutAdapters() : model.PerRow(chosen);
    }
}
