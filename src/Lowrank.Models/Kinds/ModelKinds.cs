namespace Lowrank.Models;

/// <summary>The kinds of base models there are, and the way into a model of any of them.</summary>
public static class ModelKinds
{
    static readonly NamedList<ModelKind> list = new(
        "kind of base model", kind => [kind.Family.Name, kind.Title], [.. StableDiffusionKind.All, .. LanguageKind.All]);

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<ModelKind> All => list.All;

    /// <summary>
    /// The families by which one finds what an adapter is made for: those that are known by names of layers, and those of every kind.
    /// </summary>
    public static IReadOnlyList<ModelFamily> Families =>
        [.. KnownFamilies.All.Concat(All.Select(kind => kind.Family)).DistinctBy(family => family.Name)];

    /// <summary>Whether models of a family can be opened here.</summary>
    public static bool Has(string family) => All.Any(kind => kind.Family.Name == family);

    /// <summary>Adds a kind, where a program starts.</summary>
    /// <exception cref="LowrankException">The list was used before, or one of its names is taken.</exception>
    public static void Add(ModelKind kind) => list.Add(kind);

    /// <summary>The kind of that family or title.</summary>
    /// <exception cref="LowrankException">There is none; the nearest names are given.</exception>
    public static ModelKind Named(string family) => list.Named(family);

    /// <summary>The kind of the model at a place.</summary>
    /// <exception cref="LowrankException">It is of none; what each one misses is told.</exception>
    public static ModelKind Of(ModelPlace place) => Recognizing(place) ?? throw Unknown(place);

    /// <summary>The kind of the model at a place; null where it is of none.</summary>
    internal static ModelKind? Recognizing(ModelPlace place) => All.FirstOrDefault(kind => kind.Recognizes(place));

    /// <summary>Loads a model of whichever kind it is.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="storage">Where and in which dtype weights are kept.</param>
    /// <param name="options">What a single file cannot say of itself.</param>
    /// <exception cref="LowrankException">It is of no kind that is known, or a part is missing or unusable.</exception>
    public static BaseModel Load(string path, Storage storage, CheckpointOptions? options = null)
    {
        using var place = ModelPlace.Open(path);
        return Of(place).Load(place, storage, options ?? new());
    }

    /// <summary>Opens a model of whichever kind it is, without loading it. Parts that no adapter changes need not be there.</summary>
    /// <param name="path">A folder or a file.</param>
    /// <param name="options">What a single file cannot say of itself.</param>
    /// <exception cref="LowrankException">It is of no kind that is known, or its settings or weights are unusable.</exception>
    public static ModelOutline Outline(string path, CheckpointOptions? options = null)
    {
        using var place = ModelPlace.Open(path);
        return Of(place).Outline(place, options ?? new());
    }

    /// <summary>
    /// The published shape of a family, without weights: enough to place the keys of an adapter that was made for such a model.
    /// </summary>
    /// <exception cref="LowrankException">There is no such family, or none of its models is the one that is meant.</exception>
    public static ModelOutline Published(string family)
    {
        var kind = Named(family);
        return kind.Published() ?? throw new LowrankException(
            $"no one {kind.Title} model is meant by its name. Give the base model.");
    }

    static LowrankException Unknown(ModelPlace place)
    {
        string[] reasons = [.. All.Select(kind => kind.WhyNot(place)).OfType<string>().Distinct()];
        return new(reasons.Length > 0
            ? string.Join(" ", reasons)
            : $"{place.Path} is no base model that is known. Known are {string.Join(", ", All.Select(kind => kind.Title))}.");
    }
}
