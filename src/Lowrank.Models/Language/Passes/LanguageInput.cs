namespace Lowrank.Models;

/// <summary>What a language model is given: a batch of rows of tokens, and what is to be known of them.</summary>
/// <param name="Ids">Token ids (B, T), int64.</param>
public sealed record LanguageInput(Tensor Ids)
{
    /// <summary>1 at real tokens and 0 at pads, (B, S): S is T, or with a cache all tokens so far, those in it included. Null: all are
    /// real.</summary>
    public Tensor? Mask { get; init; }

    /// <summary>Positions (B, T), int64. Null counts real tokens from 0 in each row, going on after those in the cache.</summary>
    public Tensor? Positions { get; init; }

    /// <summary>
    /// Which document of its row a token is of, (B, T), int64: tokens see those of their own document alone. Null: a row is one document.
    /// </summary>
    public Tensor? Documents { get; init; }

    /// <summary>Which part of a pair a token is of, (B, T), int64; for models that were told in training. Null: the first.</summary>
    public Tensor? Types { get; init; }

    /// <summary>Vectors (B, T, C) in place of what the ids are looked up as; of the ids only the shape is then heeded.</summary>
    public Tensor? Embeddings { get; init; }

    /// <summary>Keys and values of the tokens before; the new ones are added to it. Null: there are none, and none are kept.</summary>
    public KeyValueCache? Cache { get; init; }

    /// <summary>Whether the output keeps the state after the embeddings and after each layer.</summary>
    public bool KeepsLayers { get; init; }

    /// <summary>Whether the output keeps what the routers of models with experts said.</summary>
    public bool KeepsRouters { get; init; }

    /// <summary>Ends a pass between two layers, by an <see cref="OperationCanceledException"/>: a long prompt's need not be waited
    /// for.</summary>
    public CancellationToken Cancel { get; init; }

    /// <summary>
    /// Rows that hold several documents one after the other, told by positions that begin again: as if each document stood alone.
    /// </summary>
    /// <param name="ids">Token ids (B, T).</param>
    /// <param name="positions">Positions (B, T); where one is not its left neighbour's successor, a document begins.</param>
    public static LanguageInput Packed(Tensor ids, Tensor positions)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(positions);
        using var scope = NewDisposeScope();
        var begins = positions.diff(dim: 1).ne(1).to(ScalarType.Int64);
        var first = zeros([positions.shape[0], 1], ScalarType.Int64, positions.device);
        var documents = cat([first, begins], 1).cumsum(1);
        return new(ids) { Positions = positions, Documents = scope.MoveToOuter(documents) };
    }
}
