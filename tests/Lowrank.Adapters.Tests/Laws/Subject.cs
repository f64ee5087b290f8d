namespace Lowrank.Adapters.Tests;

/// <summary>A model of one layer, an adapter for it, and an input. Everything is drawn from one seed.</summary>
public sealed class Subject : IDisposable
{
    readonly Generator generator;
    readonly MethodVariant variant;

    public Subject(string method, string layer, ScalarType dtype = ScalarType.Float32, ScalarType? input = null)
    {
        variant = MethodVariant.All.First(v => v.Name == method);
        var layerCase = LayerCase.All.First(l => l.Name == layer);
        generator = new Generator(TestSeeds.Of(7));
        Model = new SequenceModel(layerCase.Make(new Storage(dtype)));
        Description = Model.Describe();
        (Target, Layer) = Description.Components[0].Targets[0];
        using (no_grad())
        using (NewDisposeScope())
            foreach (var parameter in Model.parameters()) parameter.copy_(randn(parameter.shape, generator: generator));
        Input = layerCase.Input(Layer, input ?? dtype, generator);
        Adapter = Trained();
    }

    /// <summary>Every method variant over every layer that it fits, but for methods without a formula for the weight.</summary>
    public static IEnumerable<TheoryDataRow<string, string>> All =>
        from variant in MethodVariant.All
        from layer in LayerCase.All
        where !variant.Method.DependsOnInput && variant.Fits(layer.Target)
        select new TheoryDataRow<string, string>(variant.Name, layer.Name).OfMethod(variant.Method);

    /// <summary>
    /// Whether W' is each of W's numbers with something done to it: bits are the same wherever W lies. Where sums go over W (a product, a norm), libtorch adds in the
    /// order that suits the memory's layout and the processor: merging goes over a copy of the weight, and the formula over the weight itself.
    /// </summary>
    public bool WorksNumberByNumber => Reparameterization is AdditiveReparameterization { NeedsWeight: false } or Replacement or Ia3;

    /// <summary>Whether merging into a weight of that dtype may take one product that is rounded once, where the formula goes over float32.</summary>
    public bool MayMergeByOneProduct(ScalarType dtype) =>
        dtype == ScalarType.BFloat16 && Processor.Current.MultipliesBFloat16 && Changes.FactorsOf(Reparameterization) is not null;

    /// <summary>Whether what an adapter adds has its own beginning taken off again: two roundings for one.</summary>
    public bool TakesItsStartOff => Reparameterization.modules().Prepend(Reparameterization).Any(module => module is LessStart);

    /// <inheritdoc cref="MethodVariant.BeginsExactly"/>
    public bool BeginsExactly => variant.BeginsExactly;

    /// <inheritdoc cref="MethodVariant.BeginsAtBase"/>
    public bool BeginsAtBase => variant.BeginsAtBase;

    public SequenceModel Model { get; }

    public ModelDescription Description { get; }

    public IAdaptable Layer { get; }

    public Target Target { get; }

    public Tensor Input { get; }

    /// <summary>An adapter whose parts are all random.</summary>
    public Adapter Adapter { get; }

    public Reparameterization Reparameterization => Adapter.Targets[Target.Path];

    /// <summary>An adapter as training begins with it.</summary>
    public Adapter Fresh()
    {
        var adapter = AdapterFactory.Create(Description, [Target], variant.Method, variant.Options, generator);
        adapter.Train(false);   // what is drawn while training has tests of its own
        return adapter;
    }

    /// <summary>Another adapter whose parts are all random.</summary>
    public Adapter Trained()
    {
        var adapter = Fresh();
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        adapter.Train(false);   // what chance does while training has tests of its own
        foreach (var part in adapter.Trainable) part.copy_(randn(part.shape, generator: generator) * 0.5);
        return adapter;
    }

    /// <summary>W' by the formula, in the shape of the weight, float32.</summary>
    public Tensor Applied(double strength, params Adapter[] adapters)
    {
        var matrix = Target.ToMatrix(Layer.Weight.Dense()).to(ScalarType.Float32);
        foreach (var adapter in adapters) matrix = adapter.Targets[Target.Path].Apply(matrix, strength);
        return Target.FromMatrix(matrix);
    }

    /// <summary>The layer's answer with weight and bias by the formulas.</summary>
    public Tensor Want(Tensor x, double strength, params Adapter[] adapters)
    {
        var matrix = Target.ToMatrix(Layer.Weight.Dense()).to(ScalarType.Float32);
        var bias = Layer.Bias?.to(ScalarType.Float32);
        foreach (var made in adapters.Select(adapter => adapter.Targets[Target.Path]))
        {
            bias = made.BiasTakesWeight ? made.ApplyBias(bias, matrix, strength) : made.ApplyBias(bias, strength);
            matrix = made.Apply(matrix, strength);
        }
        return Layer.Run(x, Target.FromMatrix(matrix), bias);
    }

    public void Dispose()
    {
        Adapter.Dispose();
        Model.Dispose();
        Input.Dispose();
    }
}
