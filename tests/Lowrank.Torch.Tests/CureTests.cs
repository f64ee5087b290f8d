using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Lowrank.Torch.Tests;

/// <summary>The cures of docs/architecture.md hold: without them these tests end the process.</summary>
public class CureTests
{
    [Fact]
    public void TheBuildsTorchSharpIsNotOptimized() =>
        Assert.True(typeof(torch).Assembly.GetCustomAttribute<DebuggableAttribute>()!.IsJITOptimizerDisabled);

    [Fact]
    public void TrainingSurvivesACollectorThatNeverRests()
    {
        int collections = GC.CollectionCount(0);
        using var stop = new CancellationTokenSource();
        var allocator = new Thread(() => { while (!stop.IsCancellationRequested) GC.KeepAlive(new byte[60_000]); });
        allocator.Start();
        try
        {
            // On a busy machine the collector gets fewer turns.
            for (int round = 0; round < 6 && (round == 0 || GC.CollectionCount(0) - collections <= 1000); round++)
                Train(TimeSpan.FromSeconds(20));
        }
        finally
        {
            stop.Cancel();
            allocator.Join();
        }
        Assert.True(GC.CollectionCount(0) - collections > 1000, $"only {GC.CollectionCount(0) - collections} collections");
    }

    // A LoRA step with everything that touches temporaries and scalars: fused function, plain composition, checkpoint, clipping, AdamW.
    static void Train(TimeSpan time)
    {
        using var all = NewDisposeScope();
        var (weight, down, up) = (randn(24, 16), (randn(4, 16) * 0.1).requires_grad_(), zeros(24, 4).requires_grad_());
        using var optimizer = new FusedAdamW([new([down, up], 1e-2)]);
        var (x, want) = (randn(8, 16), randn(8, 24));
        double first = 0, last = 0;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            using var step = NewDisposeScope();
            var y = LoraLinear.Run(x * 1.0, weight, null, down, up, 0.5) + Checkpoint.Run(h => nn.functional.linear(h, down).tanh().sum() * 1e-3, x);
            var loss = ((y - want) * 0.5).square().mean() + 1e-6 * up.sum();
            optimizer.ZeroGrad();
            loss.backward();
            Backward.Rethrow();
            GradientClipping.Clip([down, up], 1);
            optimizer.Step();
            last = loss.ToDouble();
            if (first == 0) first = last;
        }
        Assert.True(last < first, $"the loss went from {first} to {last}");
    }

    // A script that parses but names no known operator would end the process (TorchSharp catches std::runtime_error alone): scripts are constants of ours.
    [Theory, InlineData("def f(x:\n"), InlineData("not a script")]
    public void AScriptThatDoesNotParseThrowsWithThePlace(string script) =>
        Assert.Contains("here:", Assert.Throws<ExternalException>(() => jit.compile(script)).Message);

    [Fact]
    public void AScriptsWrongShapesThrow()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() => AtenOperators.RmsNorm(ones(2, 3), ones(4), 1e-6));
        Assert.Equal(1, AtenOperators.RmsNorm(full(2, 3, 5f), ones(3), 0).max().ToSingle(), 1e-6);
    }

    [Fact]
    public void WrongShapesThrow()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("(2, 3) and (4, 5) do not multiply", Assert.Throws<ShapeException>(() => ones(2, 3).Multiply(ones(4, 5))).Message);
        Assert.Throws<ExternalException>(() => ones(2, 3).mm(ones(4, 5)));
    }
}
