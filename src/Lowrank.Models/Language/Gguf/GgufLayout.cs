namespace Lowrank.Models;

/// <summary>How a family's models lie in GGUF files.</summary>
/// <param name="Architecture">The name under <c>general.architecture</c>, which several families may share.</param>
/// <param name="Names">Its modules.</param>
/// <param name="Fields">Its config, in the order in which files have the keys.</param>
sealed record GgufLayout(string Architecture, IReadOnlyList<GgufName> Names, IReadOnlyList<GgufField> Fields)
{
    /// <summary>The kind of tokenizer that tells its files from those of another family of the same architecture.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Published paths without endings, and what GGUF files call them.</summary>
    public KeyMap Paths { get; } = new([.. Names.Select(name => (name.Own, name.Stored))]);

    /// <summary>The published name of a stored tensor, and how it lies; null where no module is called so.</summary>
    public (string Own, GgufChange Change)? Own(string stored)
    {
        var (path, ending) = Parts(stored);
        return Paths.ToOwn(path) is { } own ? (own + ending, ChangeOf(own)) : null;
    }

    /// <summary>What a published tensor is called, and how it lies; null where no module is called so.</summary>
    public (string Stored, GgufChange Change)? Stored(string own)
    {
        var (path, ending) = Parts(own);
        return Paths.ToOther(path) is { } stored ? (stored + ending, ChangeOf(path)) : null;
    }

    /// <summary>A model as adapters see it: one component, with llama.cpp's names of its layers and its ways of keeping them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shape">What the places of its numbers depend on.</param>
    public ModelComponent Component(nn.Module model, GgufShape shape) =>
        new(ModelDescription.Whole, model, new Dictionary<string, KeyMap> { [Spelling] = Paths })
        {
            Aliases = new Dictionary<string, ComponentAlias>
            {
                [Program] = new(Architecture) { Spelling = Spelling, KeptAs = path => Kept(path, shape) },
            },
        };

    // How dialects ask for the program, and for its spelling of paths.
    const string Program = "llama.cpp", Spelling = "gguf";

    KeptWeight Kept(string path, GgufShape shape) =>
        Paths.ToOther(path) is null ? KeptWeight.AsIs : ChangeOf(path).Kept(shape);

    GgufChange ChangeOf(string own)
    {
        changes ??= [.. Names.Select(name => (new NumberPattern(name.Own), name.Change))];
        return changes.First(one => one.Path.NumbersIn(own) is not null).Change;
    }

    (NumberPattern Path, GgufChange Change)[]? changes;

    // A tensor is a module's "weight" or "bias".
    static (string Path, string Ending) Parts(string name)
    {
        int dot = name.LastIndexOf('.');
        return dot < 0 ? (name, "") : (name[..dot], name[dot..]);
    }
}
