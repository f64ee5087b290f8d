namespace Lowrank.Models;

/// <summary>A family of language models among the kinds of base models.</summary>
sealed class LanguageKind(LanguageArchitecture architecture) : ModelKind(architecture.Family)
{
    /// <summary>A kind for each family.</summary>
    public static IReadOnlyList<ModelKind> All { get; } = [.. LanguageArchitectures.All.Select(family => new LanguageKind(family))];

    /// <inheritdoc/>
    public override bool Recognizes(ModelPlace place)
    {
        bool isPlace = place.File is GgufFile || place.Holds(LanguageFolder.ConfigName) && !place.HasIndex;
        return isPlace && place.Remember(FamilyIn)?.Name == architecture.Name;
    }

    /// <inheritdoc/>
    public override string? WhyNot(ModelPlace place) => LanguageFolder.FaultIn(place);

    /// <inheritdoc/>
    public override bool HasOnePublished => false;

    static LanguageArchitecture? FamilyIn(ModelPlace place) =>
        place.File is GgufFile file ? LanguageArchitectures.InGguf(file.Entries) : LanguageFolder.FamilyIn(place.Path);

    /// <inheritdoc/>
    public override ModelOutline Outline(ModelPlace place, CheckpointOptions options)
    {
        var folder = LanguageFolder.Open(place.Path);
        try
        {
            if (options.Tokens is { } tokens) folder.Grow(tokens);
            var (model, plan) = folder.Build(ModelOutline.Nowhere);
            return new LanguageOutline(folder, model, plan);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override BaseModel Load(ModelPlace place, Storage storage, CheckpointOptions options)
    {
        using var folder = LanguageFolder.Open(place.Path);
        if (options.Tokens is { } tokens) folder.Grow(tokens);
        return new LanguageBase(place.Path, LanguageModels.Load(folder, storage));
    }

    /// <inheritdoc/>
    public override BaseModelReport Inspect(ModelPlace place)
    {
        var report = base.Inspect(place);
        if (place.File is not null || report.Components is not [var part]) return report;
        using var folder = LanguageFolder.Open(place.Path);
        if (folder.FewBits is not { } rounded) return report;
        // What is read as values is stored as parts.
        using var stored = folder.OpenStored();
        var plain = stored.Tensors.Select(info => (info.Name, info.Dtype)).ToHashSet();
        var dtypes = folder.File.Tensors.GroupBy(info => plain.Contains((info.Name, info.Dtype)) ? info.Dtype.ToString() : rounded)
            .ToDictionary(group => group.Key, group => group.Sum(info => info.Count));
        return report with { Components = [part with { Bytes = stored.Tensors.Sum(info => info.Bytes), Dtypes = dtypes }] };
    }
}
