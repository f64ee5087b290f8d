namespace Lowrank.Workbench.Tests;

/// <summary>Jobs on files, run to their end.</summary>
static class RunJobs
{
    public static ConvertingReport Convert(ConvertingRequest request) => new ConvertingJob().Run(request, null, TestContext.Current.CancellationToken);

    public static ReworkReport Resize(ResizingRequest request) => new ResizingJob().Run(request, null, TestContext.Current.CancellationToken);

    public static MergingReport Merge(MergingRequest request) => new MergingJob().Run(request, null, TestContext.Current.CancellationToken);

    public static VerifyingReport Verify(VerifyingRequest request) => new VerifyingJob().Run(request, null, TestContext.Current.CancellationToken);
}
