namespace Lowrank.Models;

/// <summary>What the fields are called that all language models have, and what they mean where they are absent.</summary>
/// <remarks>Those that have no default say the model's shape and must be there.</remarks>
sealed record ConfigFields
{
    /// <summary>Width of the hidden states.</summary>
    public string Hidden { get; init; } = "hidden_size";

    /// <summary>Width inside the feed-forward parts.</summary>
    public string Inner { get; init; } = "intermediate_size";

    /// <summary>That width as a multiple of the hidden one where it is absent; null where it must be there.</summary>
    public int? InnerTimes { get; init; }

    /// <summary>Number of layers.</summary>
    public string Layers { get; init; } = "num_hidden_layers";

    /// <summary>Heads of queries.</summary>
    public string Heads { get; init; } = "num_attention_heads";

    /// <summary>Numbers of a head; absent, the hidden width over the heads.</summary>
    public string HeadDim { get; init; } = "head_dim";

    /// <summary>Heads of keys and values; absent, as many as of queries.</summary>
    public string KeyHeads { get; init; } = "num_key_value_heads";

    /// <summary>The longest row.</summary>
    public string Positions { get; init; } = "max_position_embeddings";

    /// <summary>The longest row where it is absent; null where a table has that many rows and it must be there.</summary>
    public int? AbsentPositions { get; init; } = 2048;

    /// <summary>Added to variances.</summary>
    public string Eps { get; init; } = "rms_norm_eps";

    /// <summary>The same where it is absent.</summary>
    public double AbsentEps { get; init; } = 1e-6;

    /// <summary>The activation.</summary>
    public string Activation { get; init; } = "hidden_act";

    /// <summary>The same where it is absent.</summary>
    public string AbsentActivation { get; init; } = "silu";

    /// <summary>Whether the head is tied where nothing is told.</summary>
    public bool Ties { get; init; }

    /// <summary>What they say in a file.</summary>
    public LanguageConfig Read(ConfigReader file)
    {
        int hidden = file.Count(Hidden), heads = file.Count(Heads), layers = file.Count(Layers);
        int keyHeads = file.Count(KeyHeads, heads);
        int? headDim = file.OptionalCount(HeadDim);
        file.Require(headDim is not null || hidden % heads == 0, $"{Heads} is {heads}, which does not divide {Hidden} {hidden}");
        file.Require(heads % keyHeads == 0, $"{KeyHeads} is {keyHeads}, which does not divide {Heads} {heads}");
        return new LanguageConfig
        {
            ModelType = file.Text("model_type") ?? "",
            VocabularySize = file.Count("vocab_size"),
            HiddenSize = hidden,
            IntermediateSize = file.Count(Inner, InnerTimes * hidden),
            Layers = layers,
            Heads = heads,
            KeyHeads = keyHeads,
            HeadDim = headDim ?? hidden / heads,
            MaxPositions = file.Count(Positions, AbsentPositions),
            NormEps = EpsIn(file),
            Activation = Activations.Read(file, Activation, AbsentActivation),
            TiesHead = file.Flag("tie_word_embeddings", Ties),
            Windows = new int?[layers],
            BeginId = file.Integers("bos_token_id") is [var begin, ..] ? begin : null,
            EndIds = file.Integers("eos_token_id"),
            PadId = file.Integers("pad_token_id") is [var pad, ..] ? pad : null,
            Labels = LabelsIn(file),
            ProblemType = file.OptionalWord(
                "problem_type", "regression", "single_label_classification", "multi_label_classification"),
        };
    }

    // Programs of Python stop at a null, and below zero a root has no value.
    double EpsIn(ConfigReader file)
    {
        double eps = file.Number(Eps, AbsentEps);
        file.Require(!file.IsNull(Eps), $"{Eps} is null, and must be a number of 0 or more (usual is {PythonFloat.Text(AbsentEps)})");
        file.Require(eps >= 0, $"{Eps} is {PythonFloat.Text(eps)}, and must be 0 or more");
        return eps;
    }

    // Without names there are as many classes as are told, or two.
    static IReadOnlyList<string> LabelsIn(ConfigReader file)
    {
        if (file.Section("id2label") is not { } names) return Numbered(file.Count("num_labels", 2));
        var labels = new string[names.Fields.Count()];
        foreach (string field in names.Fields)
        {
            bool isPlace = int.TryParse(field, out int place) && place >= 0 && place < labels.Length;
            file.Require(isPlace, $"id2label names the class {field}, and has {labels.Length} classes, counted from 0");
            if (isPlace) labels[place] = names.Text(field) ?? field;
        }
        return labels;

        static IReadOnlyList<string> Numbered(int count) => [.. Enumerable.Range(0, count).Select(place => $"LABEL_{place}")];
    }

    /// <summary>How far back each layer sees: where <c>layer_types</c> says that it slides, so far as <c>sliding_window</c> says.</summary>
    /// <param name="file">The config.</param>
    /// <param name="layers">How many layers there are.</param>
    /// <param name="slides">Which slide where no types are told.</param>
    public static IReadOnlyList<int?> WindowsIn(ConfigReader file, int layers, Func<int, bool> slides)
    {
        int window = file.Integer("sliding_window", 0);
        file.Require(window >= 0, $"sliding_window is {window}, and must be a whole number of tokens");
        string[]? types = file.Has("layer_types")
            ? [.. file.Words("layer_types", layers, "full_attention", "sliding_attention")]
            : null;
        bool isLacking = types is not null && types.Contains("sliding_attention") && window == 0;
        file.Require(!isLacking, "layer_types names sliding_attention, and sliding_window is missing");
        return [.. Enumerable.Range(0, layers).Select(layer => window > 0 && Slides(layer) ? window : (int?)null)];

        bool Slides(int layer) => types is null ? slides(layer) : types[layer] == "sliding_attention";
    }
}
