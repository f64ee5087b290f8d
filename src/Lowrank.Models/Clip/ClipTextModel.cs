namespace Lowrank.Models;

/// <summary>
/// CLIP's text encoder (Radford et al. 2021, arXiv:2103.00020), with or without projection. Module paths are the published ones,
/// <c>text_model.encoder.layers.0...</c>
/// </summary>
public sealed class ClipTextModel : nn.Module
{
    readonly ClipTextTransformer text_model;
    readonly Linear? text_projection;

    /// <summary>An encoder of uninitialized weights.</summary>
    public ClipTextModel(ClipTextConfig config, Storage? storage = null) : base("CLIPTextModel")
    {
        Config = config;
        text_model = new ClipTextTransformer(config, storage);
        if (config.ProjectionSize is { } size) text_projection = new Linear(config.HiddenSize, size, bias: false, storage);
        RegisterComponents();
    }

    /// <summary>Its shape.</summary>
    public ClipTextConfig Config { get; }

    /// <summary>Whether each layer drops its intermediates and computes them again in backward.</summary>
    public bool GradientCheckpointing
    {
        get => text_model.encoder.GradientCheckpointing;
        set => text_model.encoder.GradientCheckpointing = value;
    }

    /// <summary>Encodes token ids (B, T), int64, T up to the number of positions.</summary>
    public ClipTextOutput Run(Tensor ids) => LayerScope.Run(this, () =>
    {
        var (batch, tokens) = ids.shape;
        if (tokens > Config.MaxPositions)
            throw new ShapeException($"{tokens} tokens were given, and the encoder has {Config.MaxPositions} positions");
        var states = text_model.HiddenStates(ids);
        var last = text_model.FinalNorm(states[^1]);
        var end = EndOf(ids);   // (B)
        var pooled = last.gather(1, end.view(batch, 1, 1).expand(batch, 1, last.shape[2])).squeeze(1);
        return new ClipTextOutput(states, last, pooled, text_projection?.call(pooled));
    }, ClipTextOutput.MoveOut);

    // An end token of 2 is a legacy of the first published files: the true id is the biggest of the vocabulary.
    Tensor EndOf(Tensor ids) => Config.EndTokenId == 2
        ? ids.where(ids.lt(Config.VocabularySize), 0).argmax(-1)
        : ids.eq(Config.EndTokenId).to(ScalarType.Int32).argmax(-1);

    /// <summary>Gives vectors ids of their own, from the vocabulary's end on, until what is returned is disposed.</summary>
    /// <param name="vectors">(count, width); taken over.</param>
    internal (IReadOnlyList<long> Ids, IDisposable Held) Teach(Tensor vectors) => text_model.Teach(vectors);

    /// <summary>The final norm over any hidden state (B, T, C): for models that condition on an earlier layer.</summary>
    public Tensor FinalNorm(Tensor hidden) => LayerScope.Run(this, () => text_model.FinalNorm(hidden));

    /// <summary>
    /// A model with the weights of a folder that holds config.json and model.safetensors (or its shards, or pytorch_model.bin).
    /// </summary>
    /// <exception cref="LowrankException">A file is missing, or does not fit the config.</exception>
    public static ClipTextModel Load(string folder, Storage? storage = null)
    {
        var config = ClipTextConfig.Read(Path.Combine(folder, "config.json"));
        using var file = WeightFiles.Open(folder, "model");
        return From(file, config, storage);
    }

    /// <summary>A model of that shape with the weights of an open file.</summary>
    internal static ClipTextModel From(ITensorFile file, ClipTextConfig config, Storage? storage)
    {
        var model = new ClipTextModel(config, storage);
        Weights.Load(model, file, PublishedName, IsPositionIds);
        return model;
    }

    /// <summary>Whether a tensor is the numbers from 0 to 76, which old files carry along.</summary>
    internal static bool IsPositionIds(string name) => name.EndsWith("position_ids", StringComparison.Ordinal);

    /// <summary>The published name of a stored one.</summary>
    // transformers from 5.6 on saves a CLIPTextModel without the prefix that every published folder has.
    internal static string PublishedName(string name)
    {
        bool isPublished = name.StartsWith("text_model.", StringComparison.Ordinal)
            || name.StartsWith("text_projection.", StringComparison.Ordinal);
        return isPublished ? name : "text_model." + name;
    }
}
