namespace Lowrank.Formats;

/// <summary>A fault in a pickle; the reader of the file adds where that is.</summary>
sealed class PickleException(string message, long offset) : Exception(message)
{
    /// <summary>Byte of the pickle's stream at which it shows.</summary>
    internal long Offset { get; } = offset;
}
