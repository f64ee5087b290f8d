namespace Lowrank.Formats;

/// <summary>What a user may want other than a kind of file has it.</summary>
public sealed record QuantizationOptions
{
    /// <summary>Gives every tensor that is quantised the file's most frequent type, without the mixture; rows that do not fit get
    /// another all the same.</summary>
    public bool Pure { get; init; }

    /// <summary>The type of the output head; null for the mixture's.</summary>
    public TensorDtype? Output { get; init; }

    /// <summary>The type of the token embedding; null for the mixture's.</summary>
    public TensorDtype? Embedding { get; init; }

    /// <summary>Leaves the output head as it is.</summary>
    public bool LeavesOutput { get; init; }

    /// <summary>Rounds tensors that are quantised already, which loses more than quantising the model's own weights; that they become
    /// floats is never refused.</summary>
    public bool AllowsRequantizing { get; init; }
}
