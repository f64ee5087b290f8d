namespace Lowrank.Torch.Tests;

/// <summary>What every optimizer of the list holds to.</summary>
public class OptimizerLaws
{
    public static IEnumerable<TheoryDataRow<string>> All => Optimizers.All.Select(optimizer => new TheoryDataRow<string>(optimizer.Name));

    [Theory, MemberData(nameof(All))]
    public void AStepAfterAFailedBackwardThrowsWhatWentWrongAndMovesNothing(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var weight = randn(3, 3).requires_grad_();
        var before = weight.detach().clone();
        using var optimizer = Made(name, weight);
        optimizer.ZeroGrad();
        Failing(weight, "broken block").backward();
        Assert.StartsWith("broken block", Assert.Throws<LowrankException>(optimizer.Step).Message);
        Assert.True(weight.equal(before).all().ToBoolean());

        for (int step = 0; step < 10; step++)   // thrown once: the next steps are sound; some optimizers stay for the first few
        {
            optimizer.ZeroGrad();
            (weight * 2).sum().backward();
            optimizer.Step();
        }
        Assert.False(weight.equal(before).all().ToBoolean());
        optimizer.ZeroGrad();
        Backward.Release();
    });

    [Theory, MemberData(nameof(All))]
    public async Task TheStepHearsOfAPassThatRanOnAnotherThread(string name)
    {
        using var weight = randn(3, 3).requires_grad_();
        using var optimizer = Made(name, weight);
        optimizer.ZeroGrad();
        await OnAnotherThread(() =>
        {
            using var loss = Failing(weight, "failed elsewhere");
            loss.backward();
            Backward.Release();
        });
        Assert.StartsWith("failed elsewhere", Assert.Throws<LowrankException>(optimizer.Step).Message);
        optimizer.ZeroGrad();
    }

    [Theory, MemberData(nameof(All))]
    public async Task OfTwoRunsThatTakeTurnsOnThreadsOnlyTheOneThatFailedThrows(string name)
    {
        using var sound = randn(3, 3).requires_grad_();
        using var broken = randn(3, 3).requires_grad_();
        using var first = Made(name, sound);
        using var second = Made(name, broken);
        await Task.WhenAll(Run(second, broken, true), Run(first, sound, false));
        // What follows an await may go on where the broken run was, and that thread is told as well.
        await OnAnotherThread(() => Assert.Null(Record.Exception(first.Step)));
        await OnAnotherThread(() => Assert.StartsWith("broken block", Assert.Throws<LowrankException>(second.Step).Message));

        static async Task Run(IOptimizer optimizer, Tensor weight, bool fails)
        {
            optimizer.ZeroGrad();
            await OnAnotherThread(() =>
            {
                using var scope = NewDisposeScope();
                (fails ? Failing(weight, "broken block") : (weight * 2).sum()).backward();
                Backward.Release();
            });
        }
    }

    [Theory, MemberData(nameof(All))]
    public void AStateThatIsPutBackGoesOnToTheSameBits(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var scope = NewDisposeScope();
        var start = randn([70, 64], generator: new Generator(7));
        var (straight, stopped) = (start.clone().requires_grad_(), start.clone().requires_grad_());
        using var first = Made(name, straight);
        using var second = Made(name, stopped);
        Take(first, straight, 0, 8);
        Take(second, stopped, 0, 4);
        second.Train(false);   // as for a file
        second.Train(true);
        var state = second.StateDict();
        var resumed = stopped.detach().clone().requires_grad_();
        using var third = Made(name, resumed);
        third.LoadStateDict(state);
        Take(third, resumed, 4, 8);
        Assert.True(straight.equal(resumed).all().ToBoolean());
    });

    [Theory, MemberData(nameof(All))]
    public void StepsLeaveNoTensorsBehind(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        using var weight = randn(70, 64).requires_grad_();
        using var optimizer = Made(name, weight);
        Take(optimizer, weight, 0, 2);
        LeakGuard.NoTensorLeaks(() => Take(optimizer, weight, 2, 5));
    });

    [Theory, MemberData(nameof(All))]
    public void WeightsOfHalfTheBitsTakeStepsThatAreTooSmallForThem(string name)
    {
        if (name is "adamw" or "adamw_hf" or "sgd") return;   // these step in the weight's own bits
        using var scope = NewDisposeScope();
        var wide = ones(70, 64).requires_grad_();
        var narrow = ones(70, 64, dtype: bfloat16).requires_grad_();
        using var ofWide = Made(name, wide, 1e-4);
        using var ofNarrow = Made(name, narrow, 1e-4);
        for (int step = 0; step < 20; step++)
        {
            (wide.grad, narrow.grad) = (ones_like(wide), ones_like(narrow));
            ofWide.Step();
            ofNarrow.Step();
        }
        double moved = (1 - wide).mean().ToDouble(), rounded = (1 - narrow.to(float32)).mean().ToDouble();
        // By chance each weight is off by a step of bfloat16 at most (1/256 below 1), and 4480 weights average it out.
        Assert.Equal(moved, rounded, 4 * Math.Sqrt(20) / 256 / Math.Sqrt(4480) + 0.05 * moved);
    }

    static void Take(IOptimizer optimizer, Tensor weight, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            using var scope = NewDisposeScope();
            using var generator = new Generator((ulong)step);
            optimizer.ZeroGrad();
            (weight * randn(weight.shape, generator: generator)).sum().backward();
            optimizer.Step();
            optimizer.ZeroGrad();
            Backward.Release();
        }
    }

    static IOptimizer Made(string name, Tensor weight, double rate) =>
        Optimizers.Named(name).Create([new ParameterGroup([weight], rate)], new Dictionary<string, string>());

    static IOptimizer Made(string name, Tensor weight) => Optimizers.Named(name).Create([new ParameterGroup([weight], 0.1)], new Dictionary<string, string>());

    // Fails when it is computed again, which is on the way back.
    static Tensor Failing(Tensor weight, string told)
    {
        int calls = 0;
        return Checkpoint.Run(x => calls++ == 0 ? x * 2 : throw new InvalidOperationException(told), weight).sum();
    }

    static Task OnAnotherThread(Action body) =>
        Task.Factory.StartNew(body, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
