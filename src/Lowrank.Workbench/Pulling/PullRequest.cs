namespace Lowrank.Workbench;

/// <summary>A model or an adapter that is to be fetched from the hub into the cache.</summary>
/// <param name="Name">Its name there, <c>hf:owner/name[@revision][//path/file]</c>; the beginning may be left out.</param>
public sealed record PullRequest(string Name) : IJobRequest
{
    /// <summary>The revision, where the name tells none.</summary>
    public string? Revision { get; init; }

    /// <summary>Patterns of the files that are fetched in place of those that are needed.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Patterns of files that are left out.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>Whether files are listed and nothing is fetched.</summary>
    public bool DryRun { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Faults()
    {
        var (name, fault) = HubName.Parse(Name);
        if (fault is not null) yield return fault;
        if (name?.Revision is { } told && Revision is not null && Revision != told)
            yield return $"{Name} and `revision` {Revision} name two revisions: leave one out.";
        else if (name is not null && Revision is not null && HubName.Parse($"{name.Id}@{Revision}").Fault is { } wrong) yield return wrong;
        foreach (string pattern in Include.Concat(Exclude))
            if (HubPatterns.Fault(pattern) is { } unread) yield return unread;
    }

    internal HubName Meant => HubName.Read(Name) is { Revision: null } name && Revision is not null
        ? name with { Revision = Revision }
        : HubName.Read(Name);
}
