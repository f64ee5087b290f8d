namespace Lowrank.Formats;

/// <summary>A file some of whose matrices are kept in few bits, and can stay so in memory.</summary>
public interface IPackedFile : ITensorFile
{
    /// <summary>A matrix as it is kept, in memory of its own; null for a tensor that is kept in floats, or is no matrix.</summary>
    /// <exception cref="LowrankException">No such name; the nearest ones are given.</exception>
    IPackedMatrix? ReadPacked(string name);

    /// <summary>The stored tensors in which a weight is kept, as they are; none where it has one of its own name.</summary>
    IReadOnlyList<TensorSource> StoredOf(string name) => [];

    /// <summary>What makes such tensors of other values of a weight, in the same format; null where that is only read.</summary>
    Func<TensorSource, IReadOnlyList<TensorSource>>? RounderOf(string name) => null;
}
