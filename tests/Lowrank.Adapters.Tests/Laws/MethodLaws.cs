namespace Lowrank.Adapters.Tests;

/// <summary>What holds for every method of the list, over every kind of layer.</summary>
public class MethodLaws
{
    public static IEnumerable<TheoryDataRow<string, string>> All => Subject.All;

    static readonly double[] strengths = [1, 0.7, -0.5];

    [Theory, MemberData(nameof(All))]
    public void Law1StrengthZeroIsTheWeightItself(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer);
        Close.Same(subject.Layer.Weight.Dense(), subject.Applied(0, subject.Adapter));
        using var attachment = subject.Description.Attach(subject.Adapter, 0);
        Close.Same(subject.Layer.Run(subject.Input), subject.Model.call(subject.Input));
    }

    [Theory, MemberData(nameof(All))]
    public void Law2AFreshAdapterChangesNothing(string method, string layer)
    {
        using var scope = NewDisposeScope();
        foreach (var dtype in new[] { ScalarType.Float32, ScalarType.BFloat16 })
        {
            using var subject = new Subject(method, layer, dtype);
            if (!subject.BeginsAtBase) return;   // random by the method's design
            using var fresh = subject.Fresh();
            var (weight, answer) = (subject.Applied(1, fresh).to(dtype), subject.Layer.Run(subject.Input));
            using var attachment = subject.Description.Attach(fresh);
            if (subject.BeginsExactly)
            {
                Close.Same(subject.Layer.Weight.Dense(), weight);
                Close.Same(answer, subject.Model.call(subject.Input));
                continue;
            }
            double tolerance = dtype == ScalarType.Float32 ? Close.Single : Close.Brain;
            Close.Equal(subject.Layer.Weight.Dense(), weight, tolerance);
            Close.Equal(answer, subject.Model.call(subject.Input), tolerance);
        }
    }

    [Theory, MemberData(nameof(All))]
    public void Law3ForwardIsTheLayerRunWithTheFormula(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer);
        foreach (double strength in strengths)
            Compare(subject, strength, Close.Single);
    }

    [Theory, MemberData(nameof(All))]
    public void Law3InBfloat16(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer, ScalarType.BFloat16);
        Compare(subject, 0.7, Close.Brain);
    }

    // TorchSharp's own layers and TorchScript's refuse an input of another dtype than their weight's.
    public static IEnumerable<TheoryDataRow<string, string>> Ours => All.Where(row => !row.Data.Item2.StartsWith("Torch", StringComparison.Ordinal));

    [Theory, MemberData(nameof(Ours))]
    public void Law3OverABaseThatIsStoredInHalfPrecision(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer, ScalarType.Float16, ScalarType.Float32);
        Compare(subject, 0.7, subject.Input.is_floating_point() ? Close.Single : Close.Half);
    }

    // Values and gradients of Forward against those of Run with Apply's weight, which is float32 however the base is stored.
    static void Compare(Subject subject, double strength, double tolerance)
    {
        var (reparameterization, layer) = (subject.Reparameterization, subject.Layer);
        var x = subject.Input.is_floating_point() ? subject.Input.detach().requires_grad_() : subject.Input;
        var wide = x.is_floating_point() ? x.detach().to(ScalarType.Float32).requires_grad_() : x;
        Tensor[] leaves = [.. subject.Adapter.Trainable];

        var want = subject.Want(wide, strength, subject.Adapter);
        var direction = randn(want.shape, generator: new Generator(TestSeeds.Of(3)));
        var wantGradients = autograd.grad([(want * direction).sum()], wide.requires_grad ? [wide, .. leaves] : leaves);
        var got = reparameterization.Forward(x, layer, strength);
        Assert.Equal(x.is_floating_point() ? x.dtype : layer.Weight.Dtype, got.dtype);
        var gotGradients = autograd.grad([(got * direction.to(got.dtype)).sum()], x.requires_grad ? [x, .. leaves] : leaves);
        Backward.Rethrow();

        Close.Equal(want, got, tolerance);
        // The gradient of a part of few numbers is a sum over everything, much of which cancels: its error is measured by what the others are.
        // Gradients pass through the roundings of forward and of backward.
        tolerance *= 2;
        double largest = wantGradients.Max(g => g!.abs().max().ToDouble());
        for (int i = 0; i < wantGradients.Count; i++)
            if (wantGradients[i]!.numel() < 16) Assert.True((wantGradients[i]! - gotGradients[i]!).abs().max().ToDouble() <= tolerance * largest, $"gradient {i}");
            else Close.Equal(wantGradients[i]!, gotGradients[i]!, tolerance, $"gradient {i}");
    }

    [Theory, MemberData(nameof(All))]
    public void Law4MergedIsAttachedAndUnmergingRestoresTheBits(string method, string layer)
    {
        using var scope = NewDisposeScope();
        foreach (var (dtype, tolerance) in new[] { (ScalarType.Float32, Close.Single), (ScalarType.BFloat16, Close.Brain) })
        {
            using var subject = new Subject(method, layer, dtype);
            if (subject.Reparameterization.AdaptsBias && subject.Layer.Bias is null) return;   // where there is no bias none can be merged
            using var second = subject.Trained();
            var before = subject.Layer.Weight.Dense().clone();
            using var attachment = subject.Description.Attach(subject.Adapter, 0.7);
            using var another = subject.Description.Attach(second, 0.7);
            var attached = subject.Model.call(subject.Input);
            var applied = subject.Applied(0.7, subject.Adapter, second).to(dtype);

            subject.Description.Merge();
            bool isSame = subject.WorksNumberByNumber && !subject.MayMergeByOneProduct(dtype);
            if (isSame) Close.Same(applied, subject.Layer.Weight.Dense(), "merged weight");
            else Close.Equal(applied, subject.Layer.Weight.Dense(), dtype == ScalarType.Float32 ? Close.Single : Close.Rounding, "merged weight");
            Close.Equal(attached, subject.Model.call(subject.Input), subject.TakesItsStartOff ? 2 * tolerance : tolerance, "merged answer");
            subject.Description.Unmerge();

            Close.Same(before, subject.Layer.Weight.Dense(), "unmerged weight");
            Close.Same(attached, subject.Model.call(subject.Input));
        }
    }

    [Theory, MemberData(nameof(All))]
    public void SeveralAdaptersAreTheFormulasInOrder(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer);
        using var second = subject.Trained();
        using var third = subject.Trained();
        var attachments = new[] { subject.Adapter, second, third }.Select(a => subject.Description.Attach(a, 0.7)).ToList();
        Close.Equal(subject.Want(subject.Input, 0.7, subject.Adapter, second, third), subject.Model.call(subject.Input));

        attachments[1].Strength = 0;
        Close.Equal(subject.Want(subject.Input, 0.7, subject.Adapter, third), subject.Model.call(subject.Input));
        attachments[0].Detach();
        Close.Equal(subject.Want(subject.Input, 0.7, third), subject.Model.call(subject.Input));
        attachments[1].Detach();
        attachments[2].Detach();
        Close.Same(subject.Layer.Run(subject.Input), subject.Model.call(subject.Input));
        Assert.Null(subject.Layer.Host);
    }

    [Theory, MemberData(nameof(All))]
    public void Law6GradientsReachEveryTrainedPartAndNeverTheWeight(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer);
        using var attachment = subject.Description.Attach(subject.Adapter);
        subject.Model.call(subject.Input).square().sum().backward();
        Backward.Rethrow();
        Assert.NotEmpty(subject.Adapter.Trainable);
        foreach (var part in subject.Adapter.Trainable) Assert.True(part.grad!.abs().sum().ToDouble() > 0);
        foreach (var parameter in subject.Model.parameters()) Assert.True(parameter.grad is null, "the base got a gradient");
    }

    [Theory, MemberData(nameof(All))]
    public void CheckpointingChangesNoBit(string method, string layer)
    {
        using var scope = NewDisposeScope();
        using var subject = new Subject(method, layer);
        using var attachment = subject.Description.Attach(subject.Adapter);
        var plain = Gradients(subject, x => subject.Model.call(x));
        var checkpointed = Gradients(subject, x => Checkpoint.Run(y => subject.Model.call(y), x));
        // A norm's sum may go another way through memory that lies elsewhere.
        for (int i = 0; i < plain.Count; i++)
            if (subject.BeginsExactly) Close.Same(plain[i], checkpointed[i], $"gradient {i}");
            else Close.Equal(plain[i], checkpointed[i], 1e-6, $"gradient {i}");
    }

    static List<Tensor> Gradients(Subject subject, Func<Tensor, Tensor> run)
    {
        foreach (var part in subject.Adapter.Trainable) part.grad?.zero_();
        run(subject.Input).square().sum().backward();
        Backward.Rethrow();
        return [.. subject.Adapter.Trainable.Select(part => part.grad!.clone())];
    }

    [Theory, MemberData(nameof(All))]
    public void AStepLeavesNoTensorBehind(string method, string layer)
    {
        using var subject = new Subject(method, layer);
        Step();   // makes the gradients
        LeakGuard.NoTensorLeaks(Step);

        void Step()
        {
            using var attachment = subject.Description.Attach(subject.Adapter);
            using (subject.Fresh()) { }
            using (NewDisposeScope()) subject.Model.call(subject.Input).sum().backward();
            using (no_grad())
            {
                using (subject.Model.call(subject.Input)) { }
                if (subject.Reparameterization.AdaptsBias && subject.Layer.Bias is null) return;
                subject.Description.Merge();
                using (subject.Model.call(subject.Input)) { }
                subject.Description.Unmerge();
            }
            Backward.Release();
        }
    }
}
