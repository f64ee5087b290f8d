namespace Lowrank.Torch;

/// <summary>The ids that a language model is asked about in the call under way, for adapters that act from some tokens on.</summary>
public sealed class CallTokens : IDisposable
{
    static readonly AsyncLocal<CallTokens?> current = new();

    readonly CallTokens? before = current.Value;

    CallTokens(Tensor ids) => Ids = ids;

    /// <summary>Those of the call that this thread works for; null outside of a language model's body.</summary>
    public static CallTokens? Current => current.Value;

    /// <summary>The ids (rows, tokens) from the beginning of each row, those in a cache too; −1 where none is known.</summary>
    public Tensor Ids { get; }

    /// <summary>Tells a call's ids until the end of the block.</summary>
    /// <param name="ids">(rows, tokens); they belong to the caller.</param>
    public static CallTokens Tell(Tensor ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        return current.Value = new CallTokens(ids);
    }

    /// <summary>Tells until the end of the block of some rows alone, where a layer is run on these; null where no ids are known.</summary>
    /// <param name="rows">Their numbers, int64.</param>
    public static CallTokens? TellRows(Tensor rows) => Current is { } all ? Tell(all.Ids.index_select(0, rows)) : null;

    /// <summary>Ends the block.</summary>
    public void Dispose() => current.Value = before;
}
