using F = TorchSharp.torch.nn.functional;

namespace Lowrank.Models;

/// <summary>A model of vectors of sentences, near each other where they mean the same: a folder of sentence-transformers (Reimers and
/// Gurevych, arXiv 1908.10084).</summary>
/// <example><code>
/// using var model = SentenceModel.Load("models/all-MiniLM-L6-v2");
/// var vectors = model.Embed(new(ids) { Mask = mask });   // cosines are their products
/// </code></example>
public sealed class SentenceModel : IDisposable
{
    readonly SentenceModules modules;

    SentenceModel(BodyModel body, SentenceModules modules) => (Body, this.modules) = (body, modules);

    /// <summary>The model whose states are pooled; its notes tell what the folder asks for and is left to the caller.</summary>
    public BodyModel Body { get; }

    /// <summary>What vectors are made; several stand behind each other.</summary>
    public IReadOnlyList<SentencePooling> Poolings => modules.Poolings;

    /// <summary>Whether vectors have length 1.</summary>
    public bool Normalizes => modules.Normalizes;

    /// <summary>So many tokens of a row, begin and end with them, the model was made to read; null where its folder says
    /// nothing.</summary>
    public int? MaxTokens => modules.MaxTokens;

    /// <summary>The model of a folder. One without modules.json is an encoder whose states' mean is taken.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="storage">Where and in which dtype weights are kept; null keeps them as stored, on the CPU.</param>
    /// <exception cref="LowrankException">A family without an encoder, a module that is not known, or weights that do not fit.</exception>
    public static SentenceModel Load(string folder, Storage? storage = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var modules = SentenceModules.Read(folder);
        using var opened = LanguageFolder.Open(modules.Model, (architecture, _) => architecture.States ?? throw new LowrankException(
            $"{folder} holds a model of the family {architecture.Title}, of whose states no vectors of sentences are made here."));
        if (modules.Width is { } width && width != opened.Config.HiddenSize)
            throw new LowrankException($"{folder}: word_embedding_dimension is {width}, and the model's states have " +
                $"{opened.Config.HiddenSize} numbers.");
        var body = (BodyModel)LanguageModels.Load(opened, storage ?? new Storage(opened.StoredDtype()));
        body.Notes = [.. body.Notes, .. modules.Notes];
        return new(body, modules);
    }

    /// <summary>Vectors (B, C) of rows, in float32.</summary>
    /// <exception cref="ShapeException">Parts of the input that do not fit each other.</exception>
    public Tensor Embed(LanguageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var scope = NewDisposeScope();
        var hidden = Body.Run(input).Hidden.to(ScalarType.Float32);
        var parts = modules.Poolings.Select(pooling => Pooled(pooling, hidden, input.Mask)).ToList();
        var vectors = parts.Count == 1 ? parts[0] : cat([.. parts], -1);
        return scope.MoveToOuter(modules.Normalizes ? F.normalize(vectors, 2, 1, 1e-12) : vectors);
    }

    /// <summary>One vector (B, C) of the states (B, T, C) of each row.</summary>
    /// <param name="pooling">How.</param>
    /// <param name="hidden">The states.</param>
    /// <param name="mask">1 at real tokens, (B, T); null: all are.</param>
    public static Tensor Pooled(SentencePooling pooling, Tensor hidden, Tensor? mask = null) => pooling switch
    {
        SentencePooling.First => Pooling.First(hidden),
        SentencePooling.Max => Pooling.Max(hidden, mask),
        SentencePooling.Mean => Pooling.Mean(hidden, mask),
        SentencePooling.MeanOfRoot => Pooling.MeanOfRoot(hidden, mask),
        SentencePooling.WeightedMean => Pooling.WeightedMean(hidden, mask),
        SentencePooling.Last => Pooling.Last(hidden, mask),
        _ => throw new ArgumentOutOfRangeException(nameof(pooling), pooling, "no such way of pooling"),
    };

    /// <summary>Frees the model.</summary>
    public void Dispose() => Body.Dispose();
}
