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

        optimizer.ZeroGrad();
        (weight * 2).sum().backward();
        optimizer.Step();   // thrown once: the next step is sound
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
