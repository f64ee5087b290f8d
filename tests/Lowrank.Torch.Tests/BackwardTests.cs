namespace Lowrank.Torch.Tests;

/// <summary>A failure on the way back is thrown where its graph belongs.</summary>
public class BackwardTests
{
    // Fails when it is computed again, which is on the way back.
    static Tensor Failing(string told)
    {
        int calls = 0;
        return Checkpoint.Run(x => calls++ == 0 ? x * 2 : throw new InvalidOperationException(told), randn(2, 2).requires_grad_()).sum();
    }

    [Fact]
    public void AFailureAboveAnotherCustomFunctionIsThrownAndEndsNoProcess()
    {
        using var scope = NewDisposeScope();
        int calls = 0;
        var x = randn(2, 2).requires_grad_();
        var below = Checkpoint.Run(h => h * 3, x);
        var loss = Checkpoint.Run(h => calls++ == 0 ? h * 2 : throw new InvalidOperationException("broken above"), below).sum();
        loss.backward();
        Assert.StartsWith("broken above", Thrown());
        Assert.Equal(0, x.grad!.abs().max().ToDouble());   // not to be used, and there
        Backward.Release();
    }

    static Tensor Sound() => Checkpoint.Run(x => x * 2, randn(2, 2).requires_grad_()).sum();

    static string? Thrown() => Record.Exception(Backward.Rethrow)?.Message;

    [Fact]
    public void OfTwoRunsAtOnceOnlyTheOneThatFailedThrows()
    {
        using var together = new Barrier(2);

        string? Run(Func<Tensor> forward)
        {
            using var scope = NewDisposeScope();
            var loss = forward();
            together.SignalAndWait(TestContext.Current.CancellationToken);
            loss.backward();
            together.SignalAndWait(TestContext.Current.CancellationToken);   // the failure is there, and nobody has taken it
            string? thrown = Thrown();
            Backward.Release();
            return thrown;
        }

        string? failed = null, sound = "";
        var one = new Thread(() => failed = Run(() => Failing("broken block")));
        var other = new Thread(() => sound = Run(Sound));
        one.Start();
        other.Start();
        one.Join();
        other.Join();

        Assert.StartsWith("broken block", failed);
        Assert.Null(sound);
        Assert.Null(Thrown());
    }

    [Fact]
    public void AGraphThatAnotherThreadRecordedThrowsWhereItsBackwardRan()
    {
        using var scope = NewDisposeScope();
        var loss = Elsewhere(() => Failing("recorded elsewhere").DetachFromDisposeScope());
        loss.backward();
        Assert.StartsWith("recorded elsewhere", Thrown());
        Assert.Null(Thrown());
        loss.Dispose();
    }

    [Fact]
    public void AGraphWhoseBackwardRanOnAnotherThreadThrowsWhereItWasRecorded()
    {
        using var scope = NewDisposeScope();
        var loss = Failing("run elsewhere");
        Elsewhere(() =>
        {
            loss.backward();
            Backward.Release();
            return 0;
        });
        Assert.StartsWith("run elsewhere", Thrown());
        Assert.Null(Thrown());
    }

    [Fact]
    public void AFailureInABlockWithinABlockIsThrownOnce()
    {
        using var scope = NewDisposeScope();
        int calls = 0;
        Tensor Inner(Tensor x) => Checkpoint.Run(y => calls++ < 2 ? y * 2 : throw new InvalidOperationException("broken within"), x);
        var loss = Elsewhere(() => Checkpoint.Run(Inner, randn(2, 2).requires_grad_()).sum().DetachFromDisposeScope());
        loss.backward();
        Assert.StartsWith("broken within", Thrown());
        Assert.Null(Thrown());
        loss.Dispose();
    }

    static T Elsewhere<T>(Func<T> body)
    {
        T result = default!;
        var thread = new Thread(() => result = body());
        thread.Start();
        thread.Join();
        return result;
    }
}
