namespace Lowrank.Models;

/// <summary>What reads the states of an encoder's body.</summary>
/// <param name="Modules">Its modules by their paths in the model.</param>
/// <param name="Read">Scores of hidden states (B, T, C) and a mask (B, T), which is null where all are real.</param>
sealed record EncoderHead(IReadOnlyList<(string Path, nn.Module Module)> Modules, Func<Tensor, Tensor?, Tensor> Read)
{
    /// <summary>Parameters that stand in several places, by their path there: the path under which they are loaded.</summary>
    public IReadOnlyDictionary<string, string> Shared { get; init; } = new Dictionary<string, string>();

    /// <summary>A linear layer over each token's state.</summary>
    /// <param name="path">What it is called.</param>
    /// <param name="layer">The layer.</param>
    public static EncoderHead OfTokens(string path, Linear layer) => new([(path, layer)], (hidden, _) => layer.call(hidden));

    /// <summary>Layers over the state of each row's first token.</summary>
    public static EncoderHead OfFirst(Func<Tensor, Tensor> read, params (string Path, nn.Module Module)[] modules) =>
        new(modules, (hidden, _) => read(hidden.select(1, 0)));
}
