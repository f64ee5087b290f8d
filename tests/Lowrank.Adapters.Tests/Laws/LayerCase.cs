namespace Lowrank.Adapters.Tests;

/// <summary>A kind of layer over which the laws run: odd sizes, a batch of two.</summary>
/// <param name="Name">Its name in test lists.</param>
/// <param name="Make">A layer of uninitialized weight in a dtype.</param>
/// <param name="InputShape">Shape of what it is asked.</param>
public sealed record LayerCase(string Name, Func<Storage, nn.Module<Tensor, Tensor>> Make, params long[] InputShape)
{
    public static IReadOnlyList<LayerCase> All { get; } =
    [
        new("linear", s => new Linear(7, 5, storage: s), 2, 3, 7),
        new("linear of even sizes", s => new Linear(12, 8, storage: s), 2, 3, 12),
        new("linear without bias", s => new Linear(7, 9, bias: false, s), 2, 7),
        new("GPT-2 Conv1D", s => new Conv1D(7, 9, s), 2, 3, 7),
        new("layer norm", s => new LayerNorm(6, storage: s), 2, 3, 6),
        new("embedding", s => new Embedding(11, 6, s), 2, 5),
        new("conv 1x1", s => new Conv2d(6, 5, 1, storage: s), 2, 6, 3, 5),
        new("conv 1x1 stride 2", s => new Conv2d(6, 5, 1, stride: 2, storage: s), 2, 6, 5, 3),
        new("conv 3x3", s => new Conv2d(3, 5, 3, padding: 1, storage: s), 2, 3, 7, 5),
        new("conv 3x3 stride 2", s => new Conv2d(3, 5, 3, stride: 2, padding: 1, bias: false, storage: s), 2, 3, 7, 9),
        new("conv 3x3 dilated", s => new Conv2d(3, 5, 3, padding: 2, dilation: 2, storage: s), 2, 3, 7, 5),
        new("conv 3x3 groups", s => new Conv2d(6, 9, 3, stride: 2, padding: 1, groups: 3, storage: s), 2, 6, 7, 5),
        new("conv1d", s => new Conv1d(3, 5, 3, stride: 2, padding: 1, storage: s), 2, 3, 11),
        new("conv1d groups", s => new Conv1d(4, 6, 3, groups: 2, storage: s), 2, 4, 7),
        new("linear to 32", s => new Linear(7, 32, storage: s), 2, 3, 7),
        new("linear to 8", s => new Linear(6, 8, storage: s), 2, 4, 6),
        new("group norm", s => new GroupNorm(2, 6, storage: s), 2, 6, 5),
        new("conv3d", s => new Conv3d(3, 4, 2, padding: 1, storage: s), 2, 3, 3, 5, 3),
        new("TorchSharp's linear", s => nn.Linear(7, 5, dtype: s.Dtype), 2, 3, 7),
        new("TorchSharp's embedding", s => nn.Embedding(11, 6, dtype: s.Dtype), 2, 5),
        new("TorchSharp's conv 3x3", s => nn.Conv2d(6, 9, 3, stride: 2, padding: 1, groups: 3, dtype: s.Dtype), 2, 6, 7, 5),
        new("TorchSharp's conv1d", s => nn.Conv1d(3, 5, 3, dilation: 2, bias: false, dtype: s.Dtype), 2, 3, 11),
        new("TorchSharp's conv3d", s => nn.Conv3d(3, 4, 1, dtype: s.Dtype), 2, 3, 3, 5, 3),
        new("TorchSharp's transposed conv 3x3", s => nn.ConvTranspose2d(6, 9, 3, stride: 2, padding: 1, output_padding: 1, groups: 3, dtype: s.Dtype), 2, 6, 5, 4),
        new("TorchSharp's transposed conv1d", s => nn.ConvTranspose1d(3, 5, 4, stride: 2, dilation: 2, bias: false, dtype: s.Dtype), 2, 3, 7),
        new("TorchSharp's transposed conv3d", s => nn.ConvTranspose3d(3, 4, 2, dtype: s.Dtype), 2, 3, 3, 2, 3),
        new("TorchScript's linear, traced", s => ScriptFiles.Layer("picture_traced", "fc", s), 2, 3, 12),
        new("TorchScript's conv 3x3 groups, scripted", s => ScriptFiles.Layer("picture_scripted", "grouped", s), 2, 8, 5, 7),
        new("TorchScript's layer norm, scripted", s => ScriptFiles.Layer("tokens_scripted", "blocks.0.norm1", s), 2, 3, 24),
    ];

    /// <summary>The layer as a target.</summary>
    public Target Target => target ??= Describe();

    Target? target;

    Target Describe()
    {
        using var made = Make(Storage.Default);
        return AdaptableLayers.In(new SequenceModel(made), "").Single().Target;
    }

    /// <summary>An input: ids for an embedding, else numbers.</summary>
    public Tensor Input(IAdaptable layer, ScalarType dtype, Generator generator)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(layer.Kind == LayerKind.Embedding
            ? randint(0, layer.Weight.Shape[0], InputShape, generator: generator)
            : randn(InputShape, generator: generator).to(dtype));
    }
}
