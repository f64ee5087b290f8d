namespace Lowrank;

/// <summary>What an adapter file holds: reparameterizations by target path, embeddings, and metadata.</summary>
public sealed class Adapter(
    string name, IReadOnlyList<Reparameterization> reparameterizations, IReadOnlyDictionary<string, string>? metadata = null) : IDisposable
{
    /// <summary>Its name: a file's without ending.</summary>
    public string Name => name;

    /// <summary>By target path, in order.</summary>
    public IReadOnlyDictionary<string, Reparameterization> Targets { get; } = reparameterizations.ToDictionary(r => r.Target.Path);

    /// <summary>Metadata strings as read.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; } = metadata ?? new Dictionary<string, string>();

    /// <summary>The dialect it was read in; null for a fresh one.</summary>
    public string? Dialect { get; init; }

    /// <summary>What a reader should tell its user: an alpha of 0, a name that was mended.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What the file held and was not used: tensors of no layer, fields of a configuration.</summary>
    public IReadOnlyList<PassedOver> PassedOver { get; init; } = [];

    /// <summary>The words that come with it.</summary>
    public IReadOnlyList<AdapterEmbedding> Embeddings { get; init; } = [];

    /// <summary>The virtual tokens that it puts before every row; null where it puts none.</summary>
    public VirtualPrompt? Prompt { get; init; }

    /// <summary>The sequences of tokens from which on its layers act (aLoRA), each once; none where all act on whole rows.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Invocations =>
    [
        .. reparameterizations.SelectMany(made => made.modules().Prepend(made)).OfType<Reparameterization>()
            .Select(made => made.Invocation).Where(tokens => tokens.Count > 0).DistinctBy(tokens => string.Join(',', tokens)),
    ];

    /// <summary>All trained tensors, in the order of targets; what several targets share comes once, and virtual tokens last.</summary>
    public IEnumerable<Parameter> Trainable => reparameterizations.SelectMany(r => r.Trainable)
        .Concat(Prompt is null ? [] : [Prompt.Rows]).DistinctBy(part => part.Handle);

    /// <summary>Switches dropouts on (training) or off.</summary>
    public void Train(bool on)
    {
        foreach (var reparameterization in reparameterizations) reparameterization.train(on);
    }

    /// <summary>Whether any of its methods follows the noise of a batch.</summary>
    public bool FollowsNoise => Followers.Count > 0;

    /// <summary>Tells those that follow the noise of a batch how much there is.</summary>
    /// <param name="timestep">From 0, no noise, up to the number of timesteps, pure noise.</param>
    public void FollowNoise(double timestep)
    {
        foreach (var made in Followers) made.Method.FollowNoise!(made, timestep);
    }

    IReadOnlyList<Reparameterization>? followers;
    int freed;

    // Those that stand in wrappers too; a step asks for them, and they stay.
    IReadOnlyList<Reparameterization> Followers => followers ??=
    [
        .. reparameterizations.SelectMany(made => made.modules().Prepend(made)).OfType<Reparameterization>()
            .Where(made => made.Method.FollowNoise is not null),
    ];

    /// <summary>Frees the parts, once no call is under way that may use them.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref freed, 1) == 0) ModelCalls.Retire(Free);
    }

    void Free()
    {
        foreach (var reparameterization in reparameterizations) reparameterization.Dispose();
        foreach (var embedding in Embeddings) embedding.Dispose();
        Prompt?.Dispose();
    }
}
