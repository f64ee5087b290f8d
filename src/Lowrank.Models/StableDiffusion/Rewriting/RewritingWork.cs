namespace Lowrank.Models;

/// <summary>The tensors of a model that is written anew, each made when its turn comes.</summary>
/// <param name="total">Bytes in all, for progress.</param>
/// <param name="edit">What is changed.</param>
/// <param name="options">dtype, and who is told of progress.</param>
/// <param name="cancel">Stops between two tensors.</param>
sealed class RewritingWork(long total, WeightEdit edit, RewriteOptions options, CancellationToken cancel) : IDisposable
{
    readonly Scratch scratch = new();
    long done;

    /// <summary>Bytes in all.</summary>
    public long Total => total;

    /// <summary>Tensors changed so far.</summary>
    public int Changed { get; private set; }

    /// <summary>Counts bytes as done.</summary>
    public void Count(long bytes)
    {
        cancel.ThrowIfCancellationRequested();
        options.Progress?.Invoke(done += bytes, total);
    }

    /// <summary>A tensor of the new file: changed where one of its owners is.</summary>
    public TensorSource Source(TensorInfo stored, ITensorFile file, IReadOnlyList<(string Name, Folding Folding)> owners)
    {
        var info = options.Dtype is { } dtype && stored.Dtype.IsFloat() ? stored with { Dtype = dtype } : stored;
        var touched = owners.Where(owner => edit.Touches(owner.Name)).ToList();
        return new(info, () =>
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var tensor = file.Read(stored.Name, scratch);
            bool isNarrow = tensor.dtype is not (ScalarType.Float32 or ScalarType.Float64);
            if (touched.Count > 0 && isNarrow) tensor = scratch.Copy(tensor, ScalarType.Float32);
            foreach (var (name, folding) in touched) tensor = Edited(name, folding, tensor);
            if (tensor.dtype != info.Dtype.ToScalarType()) tensor = Narrowed(tensor, info, touched.Count > 0);
            Count(stored.Bytes);
            return tensor.MoveToOuterDisposeScope();
        });
    }

    Tensor Edited(string name, Folding folding, Tensor wide)
    {
        Changed++;
        var own = folding.Unfold(wide.alias());
        long[] shape = own.shape;
        var changed = edit.Change(name, own);
        if (!changed.shape.AsSpan().SequenceEqual(shape))
            throw new LowrankException(
                $"the changed {name} has shape {changed.shape.Text()}, and it was {shape.Text()}.");
        if (!folding.IsThird()) return folding.Fold([changed]).reshape(wide.shape);
        // A joint tensor of three: its other rows stay.
        own.copy_(changed);
        return wide;
    }

    Tensor Narrowed(Tensor wide, TensorInfo info, bool check)
    {
        var dtype = info.Dtype.ToScalarType();
        var narrow = scratch.Copy(wide, dtype);
        if (check && !dtype.Holds(wide))
            throw new LowrankException($"the new {info.Name} does not fit into {info.Dtype}: its largest value is " +
                $"{wide.abs().max().ToDouble():g4}. Lower the strength, or write bf16 or f32.");
        return narrow;
    }

    /// <inheritdoc/>
    public void Dispose() => scratch.Dispose();
}
