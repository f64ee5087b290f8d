namespace Lowrank.Models;

/// <summary>The kinds of rotary embeddings, and how config.json of old and new writers tells them.</summary>
static class RopeKinds
{
    static readonly NamedList<RopeKind> list = new("kind of rotary embedding", kind => [kind.Name, .. kind.OtherNames],
        new RopeKind("default", fields => new PlainRope(fields.Settings)) { OtherNames = ["mrope"] },
        new RopeKind("linear", fields => new LinearRope(fields.Settings, fields.Factor)),
        new RopeKind("dynamic", fields => new DynamicRope(fields.Settings, fields.Factor)),
        new RopeKind("llama3", Llama3),
        new RopeKind("yarn", Yarn),
        new RopeKind("longrope", Long) { OtherNames = ["su"] },
        new RopeKind("proportional",
            fields => new ProportionalRope(fields.Settings, fields.Share, fields.Section.Number("factor", 1.0))));

    /// <summary>Every kind.</summary>
    public static IReadOnlyList<RopeKind> All => list.All;

    /// <summary>The rotary embedding that a config tells of.</summary>
    /// <remarks>
    /// Newer files have one object <c>rope_parameters</c>; older ones <c>rope_theta</c> and <c>partial_rotary_factor</c> at the top and
    /// the rest in <c>rope_scaling</c>, whose kind is its <c>type</c>; GPT-NeoX's oldest <c>rotary_pct</c> and <c>rotary_emb_base</c>.
    /// </remarks>
    /// <param name="config">The whole config.</param>
    /// <param name="headDim">How many numbers a head has.</param>
    /// <param name="maxPositions">The longest row that the model was made for.</param>
    /// <param name="theta">The base where none is told.</param>
    /// <param name="share">How much of a head turns where nothing is told.</param>
    /// <param name="layers">Kind of layers where each kind has an object of its own: "full_attention".</param>
    public static Rope Read(
        ConfigReader config, int headDim, int maxPositions, double theta = 10000, double share = 1, string? layers = null)
    {
        // Where both stand, somebody added the older one to a newer file: it counts, as for transformers, and the base stays the file's.
        var (newer, older) = (config.Section("rope_parameters"), config.Section("rope_scaling"));
        var told = layers is null ? older ?? newer : newer ?? older;
        if (layers is not null && told?.Has(layers) == true) told = told.Section(layers);
        var section = told ?? config;
        double part = Either("partial_rotary_factor", "rotary_pct") ?? share;
        string name = told?.Text("rope_type") ?? told?.Text("type") ?? "default";
        bool isWhole = name == "proportional";
        int rotated = isWhole ? headDim : (int)(headDim * part) / 2 * 2;
        config.Require(part is > 0 and <= 1 && rotated >= 2,
            $"partial_rotary_factor is {PythonFloat.Text(part)}, and must turn at least two of a head's {headDim} numbers");
        var settings = new RopeSettings(Either("rope_theta", "rotary_emb_base") ?? theta, rotated, maxPositions, headDim);
        config.Require(settings.Theta > 0, $"rope_theta is {PythonFloat.Text(settings.Theta)}, and must be above zero");
        if (list.TryNamed(name, out var kind))
            return kind.Read(new(settings, section, part, config.OptionalNumber("original_max_position_embeddings")));
        config.Require(false, $"rope_type is \"{name}\"; known are {string.Join(", ", All.Select(known => known.Name))}");
        return new PlainRope(settings);

        double? Either(string field, string old) =>
            told?.OptionalNumber(field) ?? newer?.OptionalNumber(field) ?? config.OptionalNumber(field) ?? config.OptionalNumber(old);
    }

    /// <summary>What a config tells twice and differently: which place counts; null where it does not.</summary>
    /// <param name="config">The whole config.</param>
    /// <param name="path">Its place.</param>
    public static string? ToldTwice(ConfigReader config, string path)
    {
        if (config.Section("rope_parameters") is not { } newer) return null;
        if (newer.Fields.Any(field => newer.Section(field) is not null)) return null;   // an object for each kind of layers
        if (config.Section("rope_scaling") is not null)
            return $"{path}: not used: rope_parameters, but for its rope_theta: rope_scaling stands beside it and counts.";
        var (theta, above) = (newer.OptionalNumber("rope_theta"), config.OptionalNumber("rope_theta"));
        if (theta is not { } used || above is not { } other || used == other) return null;
        return $"{path}: not used: rope_theta ({PythonFloat.Text(other)}): rope_parameters says {PythonFloat.Text(used)}, which counts.";
    }

    /// <summary>The rotary embedding of layers that slide: in newer files an object of its own, in older ones a base alone, for their
    /// <c>rope_scaling</c> is for the layers that see all.</summary>
    /// <param name="config">The whole config.</param>
    /// <param name="headDim">How many numbers a head has.</param>
    /// <param name="maxPositions">The longest row that the model was made for.</param>
    /// <param name="theta">The base where no object tells it.</param>
    public static Rope ReadSliding(ConfigReader config, int headDim, int maxPositions, double theta)
    {
        const string Sliding = "sliding_attention";
        return config.Section("rope_parameters")?.Has(Sliding) == true
            ? Read(config, headDim, maxPositions, theta, layers: Sliding)
            : new PlainRope(new(theta, headDim, maxPositions, headDim));
    }

    static Llama3Rope Llama3(RopeFields fields)
    {
        double low = fields.Section.Number("low_freq_factor"), high = fields.Section.Number("high_freq_factor");
        fields.Section.Require(high > low, "high_freq_factor of rope llama3 must be above low_freq_factor");
        return new(fields.Settings, fields.Factor, low, high, fields.OriginalLength);
    }

    static YarnRope Yarn(RopeFields fields)
    {
        var section = fields.Section;
        double factor = fields.FactorOrStretch;
        double? scale = section.OptionalNumber("mscale"), whole = section.OptionalNumber("mscale_all_dim");
        double magnitude = section.OptionalNumber("attention_factor")
            ?? (scale is > 0 && whole is > 0
                ? YarnRope.MagnitudeOf(factor, scale.Value) / YarnRope.MagnitudeOf(factor, whole.Value)
                : YarnRope.MagnitudeOf(factor));
        return new(fields.Settings, factor, fields.OriginalLength, section.Number("beta_fast", 32), section.Number("beta_slow", 1),
            section.Flag("truncate", true), magnitude);
    }

    static LongRope Long(RopeFields fields)
    {
        int pairs = fields.Settings.Rotated / 2;
        double magnitude = fields.Section.OptionalNumber("attention_factor")
            ?? LongRope.MagnitudeOf(fields.FactorOrStretch, fields.OriginalLength);
        return new(fields.Settings, fields.Section.Numbers("short_factor", pairs), fields.Section.Numbers("long_factor", pairs),
            fields.OriginalLength, magnitude);
    }
}
