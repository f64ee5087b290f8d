using TorchSharp;

namespace Lowrank.Testing;

/// <summary>Fails when more tensors live at the end of a block than at its beginning.</summary>
/// <remarks>
/// Counted are the live handles of this thread. <c>Tensor.TotalCount</c> would not do: it counts one too many, for ever, for each <c>Parameter</c> made of a tensor.
/// What only the collector freed counts as leaked.
/// </remarks>
public static class LeakGuard
{
    /// <summary>Runs <paramref name="body"/> and compares the count of live tensor handles before and after.</summary>
    public static void NoTensorLeaks(Action body)
    {
        long before = Live;
        body();
        long after = Live;
        Xunit.Assert.True(after <= before, $"{after - before} tensors outlive the test ({before} before, {after} after)");
    }

    /// <summary>Live tensor handles that this thread made and did not dispose.</summary>
    public static long Live => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;
}
