namespace Lowrank.Formats;

/// <summary>The head of a GGUF file, checked whole before a byte of data is touched.</summary>
sealed class GgufHeader
{
    internal readonly record struct Entry(TensorInfo Info, long Start);

    /// <summary>In the file's order; starts count from the file's first byte.</summary>
    internal required IReadOnlyList<Entry> Tensors { get; init; }

    internal required GgufMetadata Metadata { get; init; }

    internal required IReadOnlyList<string> Notes { get; init; }

    /// <summary>2 or 3, which differ in nothing but the number.</summary>
    internal required uint Version { get; init; }

    /// <summary>Of how many bytes the tensors' places are multiples.</summary>
    internal required int Alignment { get; init; }
}
