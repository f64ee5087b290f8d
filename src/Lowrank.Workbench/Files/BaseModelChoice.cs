namespace Lowrank.Workbench;

/// <summary>The base model that adapters are read for.</summary>
/// <param name="Path">Folder or file; null takes the published shape that the adapters' names point to.</param>
/// <param name="Options">What a single file cannot say of itself; null says nothing.</param>
public sealed record BaseModelChoice(string? Path = null, CheckpointOptions? Options = null)
{
    sealed record GuessedFamily(string Adapter, ModelFamily Family);

    /// <summary>Whether keys of adapters that belong to no layer are passed over, as those of a checkpoint are.</summary>
    public bool AllowUnmatched => Options?.AllowUnmatched ?? false;

    /// <summary>The same with its places found.</summary>
    /// <param name="find">Finds a place by its name.</param>
    internal BaseModelChoice Placed(Func<string, string> find) => this with
    {
        Path = Path is null ? null : find(Path),
        Options = Options is { Config: { } config } ? Options with { Config = find(config) } : Options,
    };

    /// <summary>What is read of it, which no output may replace.</summary>
    internal IEnumerable<string> Places => new[] { Path, Options?.Config }.OfType<string>();

    /// <summary>Opens it, without loading weights.</summary>
    /// <param name="adapters">The adapters that it is for.</param>
    /// <exception cref="LowrankException">Adapters of two families, or none is given and the adapters do not tell it.</exception>
    public ModelOutline Open(params IReadOnlyList<string> adapters)
    {
        if (Path is not null) GivenModels.Check(Path);
        var guesses = adapters.Select(GuessOf).OfType<GuessedFamily>().DistinctBy(one => one.Family.Name).ToList();
        if (guesses.Count > 1) throw Different(guesses);
        RefuseTwoKinds(adapters);
        if (Path is not null) return Grown(OpenFor(guesses is [var one] ? one : null, Path), Path, adapters);
        RefuseTwoLanguageModels(adapters);
        if (guesses is not [var (_, family)]) return PublishedModels.Fitting(adapters, AllowUnmatched);
        if (ModelKinds.Has(family.Name)) return ModelKinds.Published(family.Name);
        return PublishedModels.OfNames(adapters, AllowUnmatched)
            ?? throw new LowrankException(
                $"{adapters[0]} is made for {family.Title}, which is not known here, and tells no layer's shape.");
    }

    // With rows for the tokens that adapters bring.
    ModelOutline Grown(ModelOutline outline, string path, IReadOnlyList<string> adapters)
    {
        try
        {
            if (AddedTokens.NeededFor(outline, adapters) is not { } tokens) return outline;
            outline.Dispose();
            return ModelKinds.Outline(path, (Options ?? new()) with { Tokens = tokens });
        }
        catch
        {
            outline.Dispose();
            throw;
        }
    }

    ModelOutline OpenFor(GuessedFamily? guessed, string path)
    {
        var outline = ModelKinds.Outline(path, Options);
        if (guessed is null || guessed.Family.Name == outline.Family) return outline;
        string model = outline.Describe().Family.Title;
        outline.Dispose();
        throw new LowrankException($"{guessed.Adapter} is made for {guessed.Family.Title}, and {path} is a model of {model}.");
    }

    static GuessedFamily? GuessOf(string adapter)
    {
        using var file = AdapterFile.Open(adapter);
        var family = FamilyGuess.Of(file, ModelKinds.Families);
        // Names tell a group of language models, and the model at hand which of them: what does not fit it is told where it is read.
        return family is null || LanguageFamilies.All.Contains(family) ? null : new(adapter, family);
    }

    // Names of blocks that no model has beside each other.
    static readonly (string Kind, string[] Blocks)[] kinds =
    [
        ("a UNet", ["down_blocks", "up_blocks", "mid_block", "input_blocks", "output_blocks", "middle_block"]),
        ("a transformer of the kind of Flux", ["double_blocks", "single_blocks", "single_transformer_blocks"]),
        ("a transformer of the kind of SD 3", ["joint_blocks", "joint_transformer_blocks"]),
    ];

    static void RefuseTwoKinds(IReadOnlyList<string> adapters)
    {
        var told = adapters.Select(adapter => (Adapter: adapter, Kind: KindOf(adapter))).Where(one => one.Kind is not null)
            .DistinctBy(one => one.Kind).ToList();
        if (told.Count < 2) return;
        throw new LowrankException($"The adapters are made for different base models: " +
            $"{string.Join(" and ", told.Select(one => $"{one.Adapter} for {one.Kind}"))}. Only adapters of one base model go together.");
    }

    // Names of layers that no family has beside each other; where a base is given, what does not fit it is told better.
    static void RefuseTwoLanguageModels(IReadOnlyList<string> adapters)
    {
        var told = adapters.Select(adapter => (Adapter: adapter, Families: LanguageFamiliesOf(adapter)))
            .Where(one => one.Families.Count > 0).ToList();
        foreach (var (adapter, families) in told.Skip(1))
        {
            if (families.Overlaps(told[0].Families)) continue;
            throw Different([Guess(told[0].Adapter), Guess(adapter)]);
        }

        static GuessedFamily Guess(string adapter)
        {
            using var file = AdapterFile.Open(adapter);
            return new(adapter, FamilyGuess.Of(file, LanguageFamilies.All)!);
        }
    }

    // Families share names: all that the names may be of.
    static HashSet<string> LanguageFamiliesOf(string adapter)
    {
        using var file = AdapterFile.Open(adapter);
        if (FamilyGuess.Of(file, LanguageFamilies.All) is null) return [];
        return [.. ModelKinds.All.Select(kind => kind.Family).Where(family => FamilyGuess.Of(file, [family]) is not null)
            .Select(family => family.Name)];
    }

    /// <summary>What was given beside the place and had no effect, a sentence each.</summary>
    /// <param name="model">The model that it made.</param>
    /// <param name="leftOut">Whether something of the adapters was left out.</param>
    internal IEnumerable<string> Unused(ModelOutline? model, bool leftOut) => Unused(leftOut, (Path, model));

    /// <summary>The same of several models that were opened with its options.</summary>
    /// <param name="leftOut">Whether something of adapters was left out.</param>
    /// <param name="opened">Where each lies, and what was opened there.</param>
    internal IEnumerable<string> Unused(bool leftOut, params (string? Path, ModelOutline? Model)[] opened)
    {
        if (opened.Any(one => File.Exists(one.Path) && one.Model is not LanguageOutline)) yield break;
        string[] places = [.. opened.Select(one => one.Path).OfType<string>()];
        string none = places switch
        {
            [] => "no base model is given",
            [var only] => $"{only} is none",
            _ => $"{string.Join(" and ", places)} are none",
        };
        if (Options?.Config is { } config)
            yield return $"`model config` {config} is not used: it tells of a single file of a model for pictures, and {none}.";
        if (AllowUnmatched && !leftOut) yield return "`allow unmatched` was not needed: every key has its place.";
    }

    // null where its names tell none, or several.
    static string? KindOf(string adapter)
    {
        using var file = AdapterFile.Open(adapter);
        var found = kinds.Where(kind => file.Tensors.Any(tensor => kind.Blocks.Any(block => Has(tensor.Name, block)))).ToList();
        return found is [var one] ? one.Kind : null;
    }

    static bool Has(string name, string block)
    {
        int at = name.IndexOf(block, StringComparison.Ordinal);
        return at == 0 || at > 0 && name[at - 1] is '.' or '_';
    }

    static LowrankException Different(IEnumerable<GuessedFamily> guesses)
    {
        var each = guesses.Select(one => $"{one.Adapter} for {one.Family.Title}");
        return new($"The adapters are made for different base models: {string.Join(" and ", each)}. " +
            "Only adapters of one base model go together.");
    }
}
