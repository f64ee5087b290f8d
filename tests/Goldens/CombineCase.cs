using System.Text.Json;
using Lowrank.Adapters;
using Lowrank.Testing;
using Lowrank.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>One case of combining: its adapters, tensors and comparisons. Layers' names are the targets' paths.</summary>
sealed class CombineCase(GoldenCase golden)
{
    public GoldenCase Golden => golden;

    /// <summary>Facts of each layer that the peer wrote.</summary>
    public IReadOnlyDictionary<string, JsonElement> Layers { get; } =
        golden["layers"].ValueKind == JsonValueKind.Object ? golden["layers"].EnumerateObject().ToDictionary(p => p.Name, p => p.Value) : [];

    /// <summary>Names of all tensors of a folder of the case.</summary>
    public IEnumerable<string> Names(string folder) => Under($"{golden.Name}/{folder}/");

    /// <summary>Names under a path of the group's file, without it.</summary>
    public IEnumerable<string> Under(string path) =>
        golden.Group.Tensors.Tensors.Select(t => t.Name).Where(n => n.StartsWith(path, StringComparison.Ordinal)).Select(n => n[path.Length..]);

    public Tensor Read(string what) => golden.Group.Tensors.Read($"{golden.Name}/{what}");

    /// <summary>Compares in the wanted shape where the number of elements agrees.</summary>
    public void Close(Tensor got, Tensor want, string what) => golden.AssertClose(got.numel() == want.numel() ? got.reshape(want.shape) : got, want, what);

    /// <summary>What was written for a layer, by the end of its key.</summary>
    public Tensor Out(string layer, string part) =>
        Read("out/" + Names("out").Single(n => n.EndsWith($"_{layer}.{part}", StringComparison.Ordinal) || n == $"{layer}.{part}"));

    /// <summary>Compares factors with those that were written.</summary>
    public void Written(string layer, (Tensor Up, Tensor Down) factors)
    {
        Close(factors.Up, Out(layer, "lora_up.weight"), $"up of {layer}");
        Close(factors.Down, Out(layer, "lora_down.weight"), $"down of {layer}");
    }

    /// <summary>
    /// Compares singular vectors, up (out, rank) and down (rank, columns) before the clamp, with the clamped ones that were written, and their product with the change.
    /// </summary>
    /// <remarks>
    /// Vectors of a value that is zero, or that another value equals, are an accident of the decomposition: they are not compared one by one. The clamp's limit depends
    /// on them all, so with such among them it is the peer's, which its largest number tells.
    /// </remarks>
    public void WrittenVectors(string layer, (Tensor Up, Tensor Down) factors, IReadOnlyList<double> values, double quantile)
    {
        var (theirUp, theirDown) = (Out(layer, "lora_up.weight").reshape(factors.Up.shape), Out(layer, "lora_down.weight").reshape(factors.Down.shape));
        var (up, down) = Aligned(factors.Up, factors.Down, theirDown);
        long[] told = [.. Enumerable.Range(0, (int)down.shape[0]).Where(i => IsTold(values, i)).Select(i => (long)i)];
        if (told.Length == down.shape[0])
        {
            var clamped = FactorClamp.Clamp(up, down, quantile);
            Written(layer, clamped);
            Close(clamped.Up.mm(clamped.Down), Read($"delta/{layer}"), $"delta of {layer}");
            return;
        }
        double limit = Math.Max(theirUp.abs().max().ToDouble(), theirDown.abs().max().ToDouble());
        (up, down) = (up.clamp(-limit, limit), down.clamp(-limit, limit));
        var which = tensor(told);
        var (ours, theirs) = ((up.index_select(1, which), down.index_select(0, which)), (theirUp.index_select(1, which), theirDown.index_select(0, which)));
        Close(ours.Item1, theirs.Item1, $"up of {layer}");
        Close(ours.Item2, theirs.Item2, $"down of {layer}");
        // Zeros add nothing; what equal values span is the same however it is split, but for the clamp.
        bool areZeros = Enumerable.Range(0, (int)down.shape[0]).All(i => IsTold(values, i) || IsZero(values, i));
        if (areZeros) Close(up.mm(down), Read($"delta/{layer}"), $"delta of {layer}");
    }

    static bool IsZero(IReadOnlyList<double> values, int at) => at >= values.Count || values[at] < 1e-5 * values[0];

    static bool IsTold(IReadOnlyList<double> values, int at) =>
        !IsZero(values, at) && !Enumerable.Range(0, values.Count).Any(i => i != at && Math.Abs(values[i] - values[at]) < 1e-4 * values[0]);

    /// <summary>The adapters of a PEFT case, on the one target "layer".</summary>
    public List<WeightedAdapter> PeftAdapters()
    {
        if (golden["layer"].GetString() is not ("linear" or "conv1d" or "conv2d" or "conv3d")) throw Lowrank.Testing.Golden.NotCovered($"a layer of kind {golden["layer"]}");
        var target = TargetOf("layer", Read("exact_weighted_sum").shape);
        var scalings = golden["scalings"].EnumerateArray().Select(s => s.GetDouble());
        var weights = golden["weights"].EnumerateArray().Select(w => w.GetDouble());
        return [.. scalings.Zip(weights).Select((pair, i) =>
        {
            var (down, up) = (Read($"in/{i}/lora_A.weight"), Read($"in/{i}/lora_B.weight"));
            return new WeightedAdapter(new Adapter($"adapter {i}", [new Lora(target, down, up, alpha: pair.First * down.shape[0])]), pair.Second);
        })];
    }

    /// <summary>The recorded masks in their order.</summary>
    public Queue<Tensor> Masks() =>
        new(Names("mask").OrderBy(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture)).Select(n => Read($"mask/{n}")));

    /// <summary>The adapters of a kohya case.</summary>
    public List<WeightedAdapter> KohyaAdapters() =>
        [.. golden["inputs"].EnumerateArray().Zip(golden["ratios"].EnumerateArray(), (input, ratio) => new WeightedAdapter(Kohya(input.GetString()!), ratio.GetDouble()))];

    Adapter Kohya(string path)
    {
        const string Down = ".lora_down.weight";
        var file = golden.Group.Tensors;
        var names = Under(path + "/").ToHashSet();
        return new Adapter(path, [.. names.Where(n => n.EndsWith(Down, StringComparison.Ordinal)).Select(n => n[..^Down.Length]).Select(module =>
        {
            string layer = Layers.Keys.Single(l => module.EndsWith("_" + l, StringComparison.Ordinal));
            Tensor down = file.Read($"{path}/{module}{Down}"), up = file.Read($"{path}/{module}.lora_up.weight");
            double? alpha = names.Contains(module + ".alpha") ? file.Read($"{path}/{module}.alpha").ToDouble() : null;
            return new Lora(TargetOf(layer, [up.shape[0], .. down.shape[1..]]), down, up, alpha: alpha);
        })]);
    }

    /// <summary>A target of the kind that a weight's shape tells.</summary>
    public static Target TargetOf(string path, long[] shape) => new(path, shape.Length switch
    {
        1 => LayerKind.Norm,
        2 => LayerKind.Linear,
        3 => LayerKind.Conv1d,
        4 => LayerKind.Conv2d,
        _ => LayerKind.Conv3d,
    }, shape);

    /// <summary>Up (out, rank) and down (rank, columns) as a file holds them.</summary>
    public static (Tensor Up, Tensor Down) Factors(Lora lora)
    {
        var parts = lora.Parts.ToDictionary(p => p.Part, p => p.Value.detach());
        return (parts["up"].reshape(lora.Target.Out, lora.Rank), parts["down"].reshape(lora.Rank, lora.Target.Columns));
    }

    /// <summary>The change in the shape of the weight.</summary>
    public static Tensor Delta(Reparameterization one) => one.Target.FromMatrix(Changes.MatrixOf(one));

    /// <summary>Factors with the signs of singular vectors that the peer found: which they are is an accident, and the clamp depends on them.</summary>
    public static (Tensor Up, Tensor Down) Aligned(Tensor up, Tensor down, Tensor wanted)
    {
        var dots = (down * wanted.reshape(down.shape)).sum(1, keepdim: true);
        var signs = where(dots < 0, tensor(-1f), tensor(1f));
        return (up * signs.t(), down * signs);
    }
}
