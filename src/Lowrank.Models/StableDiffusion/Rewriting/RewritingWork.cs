using System.Globalization;

namespace Lowrank.Models;

/// <summary>The tensors of a model that is written anew, each made when its turn comes.</summary>
/// <param name="total">Bytes in all, for progress.</param>
/// <param name="edit">What is changed.</param>
/// <param name="options">dtype, and who is told of progress.</param>
/// <param name="cancel">Stops between two tensors.</param>
sealed class RewritingWork(long total, WeightEdit edit, RewriteOptions options, CancellationToken cancel) : IDisposable
{
    // What was read is still asked for when the result is there.
    readonly Scratch scratch = new(), results = new();
    long done;

    /// <summary>Bytes in all.</summary>
    public long Total => total;

    /// <summary>Tensors so far that the edit was asked for.</summary>
    public int Touched { get; private set; }

    /// <summary>Those of them of which a value is another in what is written.</summary>
    public int Changed { get; private set; }

    long wanted, lost;

    /// <summary>Is told of every change; null where nobody asks.</summary>
    public ChangeNorms? Norms { get; init; }

    /// <summary>What the user should be told, a sentence each.</summary>
    public IEnumerable<string> Notes()
    {
        // A smaller share is rounding like any other.
        const double Noticed = 0.01;
        if (Touched > 0 && Changed == 0 && lost == 0)
            yield return $"None of {Touched} weights that were to be changed has another value than before: what is merged says the " +
                "same, or nothing.";
        else if (Changed < Touched)
            yield return $"{Touched - Changed} of {Touched} weights that were to be changed are written with the values that they had.";
        bool isSmall = lost > Noticed * wanted && Norms is null;   // norms tell it better
        if (isSmall)
            yield return $"{lost} of {wanted} changed values are so close to the old ones that the dtype written cannot tell them apart: " +
                "there the change is lost. Write f32 to keep it.";
        foreach (string note in Norms?.Notes(options.Dtype) ?? []) yield return note;
    }

    /// <summary>Counts bytes as done.</summary>
    public void Count(long bytes)
    {
        cancel.ThrowIfCancellationRequested();
        options.Progress?.Invoke(done += bytes, total);
    }

    /// <summary>A tensor of the new file: changed where one of its owners is.</summary>
    public TensorSource Source(TensorInfo stored, ITensorFile file, IReadOnlyList<(string Name, Folding Folding)> owners)
    {
        var info = options.Dtype is { } asked && stored.Dtype.IsFloat() ? stored with { Dtype = asked } : stored;
        var touched = owners.Where(owner => edit.Touches(owner.Name)).ToList();
        bool isFloat = stored.Dtype.IsFloat() || stored.Dtype.IsFloat8();
        if (touched.Count > 0 && !isFloat) throw Weights.NotFloats(file.Path, stored.Name, $"{stored.Dtype}");
        return new(info, () =>
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var tensor = file.Read(stored.Name, scratch);
            if (touched.Count > 0) tensor = Edited(tensor, touched, info);
            var dtype = info.Dtype.ToScalarType();
            if (tensor.dtype != dtype) tensor = results.Copy(tensor, dtype);
            Count(stored.Bytes);
            return tensor.MoveToOuterDisposeScope();
        })
        {
            Expect = () => file.Expect(stored.Name),
        };
    }

    /// <summary>The tensors of a weight that is kept in several of few bits: as they are, or where one of its owners is changed, rounded
    /// again as they were.</summary>
    /// <exception cref="LowrankException">It is changed, and its format is only read.</exception>
    public IReadOnlyList<TensorSource> Rounded(
        TensorInfo weight, IPackedFile file, IReadOnlyList<TensorSource> stored, IReadOnlyList<(string Name, Folding Folding)> owners)
    {
        var touched = owners.Where(owner => edit.Touches(owner.Name)).ToList();
        if (touched.Count == 0)
            return [.. stored.Select((one, i) => one with { Read = () => Counted(one.Read(), i == 0 ? weight.Bytes : 0) })];
        var rounder = file.RounderOf(weight.Name) ?? throw OnlyRead(weight, file);
        bool isTold = false;
        return rounder(new(weight, Changed) { Expect = () => stored[0].Expect?.Invoke() });

        // Asked for twice where the rounding needs to know its values beforehand.
        Tensor Changed()
        {
            using var scope = NewDisposeScope();
            using var grad = no_grad();
            var wide = file.Read(weight.Name);
            var before = wide.clone();
            foreach (var (name, folding) in touched) wide = With(name, folding, wide);
            if (!isTold) CompareRounded(weight, file, touched, before, wide);
            isTold = true;
            return Counted(wide, 0).MoveToOuterDisposeScope();
        }
    }

    static LowrankException OnlyRead(TensorInfo weight, IPackedFile file)
    {
        using var kept = file.ReadPacked(weight.Name);
        return new($"{weight.Name} of {file.Path} is kept in few bits ({kept?.Format}), which are only read here. Give `dtype` f16 for a " +
            "model of floats, or attach the adapter instead of merging.");
    }

    void CompareRounded(
        TensorInfo weight, IPackedFile file, IReadOnlyList<(string Name, Folding Folding)> touched, Tensor before, Tensor wide)
    {
        using var kept = file.ReadPacked(weight.Name)!;
        if (!kept.Holds(wide)) throw Unheld(wide, weight);
        using var rounded = kept.Rounded(wide.contiguous());
        var after = empty(kept.Shape, ScalarType.Float32, CPU);
        rounded.DecodeTo(after);
        foreach (var (name, folding) in touched)
        {
            using var scope = NewDisposeScope();
            Compare(name, folding.Unfold(before.alias()), folding.Unfold(wide.alias()), folding.Unfold(after.alias()));
        }
        Count(weight.Bytes);
    }

    Tensor Counted(Tensor tensor, long bytes)
    {
        Count(bytes);
        return tensor;
    }

    // The changed tensor in the dtype that is written.
    Tensor Edited(Tensor read, IReadOnlyList<(string Name, Folding Folding)> touched, TensorInfo info)
    {
        bool isNarrow = read.dtype is not (ScalarType.Float32 or ScalarType.Float64);
        var (before, wide) = isNarrow ? (read, scratch.Copy(read, ScalarType.Float32)) : (read.clone(), read);
        foreach (var (name, folding) in touched) wide = With(name, folding, wide);
        var dtype = info.Dtype.ToScalarType();
        var after = wide.dtype == dtype ? wide : results.Copy(wide, dtype);
        if (!ValueRange.AreFinite(after)) throw Unheld(wide, info);
        foreach (var (name, folding) in touched)
        {
            using var scope = NewDisposeScope();
            Compare(name, folding.Unfold(before.alias()), folding.Unfold(wide.alias()), folding.Unfold(after.alias()));
        }
        return after;
    }

    Tensor With(string name, Folding folding, Tensor wide)
    {
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

    /// <summary>Counts a changed weight: as it was, as it is to be, and as what is written stands for.</summary>
    public void Compare(string name, Tensor before, Tensor wide, Tensor after)
    {
        Norms?.Add(name, before, wide, after);
        var (different, kept) = ChangedValues.Count(before, wide, after);
        (Touched, wanted, lost) = (Touched + 1, wanted + different, lost + Math.Max(0, different - kept));
        if (kept > 0) Changed++;
    }

    internal static LowrankException Unheld(Tensor wide, TensorInfo info)
    {
        double largest = wide.abs().max().ToDouble();
        if (!double.IsFinite(largest))
            return new($"the new {info.Name} holds NaN or infinity: does the model's own, or is the strength far too high?");
        return new(string.Create(CultureInfo.InvariantCulture,
            $"the new {info.Name} does not fit into {info.Dtype}: its largest value is {largest:g4}. {Advice(info.Dtype)}"));
    }

    static string Advice(TensorDtype dtype) =>
        dtype == TensorDtype.F16 ? "Lower the strength, or write bf16 or f32." : "Lower the strength.";

    /// <inheritdoc/>
    public void Dispose()
    {
        scratch.Dispose();
        results.Dispose();
    }
}
