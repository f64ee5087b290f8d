namespace Lowrank.Formats;

/// <summary>A tensor to be written whose values are fetched when their turn comes, so that a file larger than memory can be
/// rewritten.</summary>
/// <param name="Info">Name, dtype and shape it will have in the file.</param>
/// <param name="Read">Gives its values, in that dtype and shape; the result is freed after writing.</param>
public sealed record TensorSource(TensorInfo Info, Func<Tensor> Read)
{
    /// <summary>Called some while before <see cref="Read"/>, so that the disk may work meanwhile; null for none.</summary>
    public Action? Expect { get; init; }

    /// <summary>The same; once cancelled, its values are not read any more.</summary>
    public TensorSource Until(CancellationToken cancel) => !cancel.CanBeCanceled ? this : this with
    {
        Read = () =>
        {
            cancel.ThrowIfCancellationRequested();
            return Read();
        },
    };
}
