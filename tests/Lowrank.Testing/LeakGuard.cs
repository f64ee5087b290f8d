using TorchSharp;

namespace Lowrank.Testing;

/// <summary>Fails when more tensors live at the end of a block than at its beginning.</summary>
public static class LeakGuard
{
    /// <summary>Runs <paramref name="body"/> and compares the count of live tensor handles, process-wide; the collector runs on both sides.</summary>
    public static void NoTensorLeaks(Action body)
    {
        long before = Live();
        body();
        long after = Live();
        Xunit.Assert.True(after <= before, $"{after - before} tensors outlive the test ({before} before, {after} after)");
    }

    static long Live()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return torch.Tensor.TotalCount;
    }
}
