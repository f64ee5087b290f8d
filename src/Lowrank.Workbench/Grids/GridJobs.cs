namespace Lowrank.Workbench;

/// <summary>How a grid finds what it needs in requests for pictures.</summary>
static class GridJobs
{
    // Where the model's own size is taken, which nobody knows before it is loaded.
    const int UsualSide = 512;

    // Below it, as programs draw seeds.
    const long Seeds = 1L << 31;

    /// <summary>Size and seed of a request for one picture.</summary>
    public static GridSubject<GeneratingRequest> Subject { get; } = new(
        request => (request.Options.Width ?? UsualSide, request.Options.Height ?? UsualSide),
        (request, later) => request with { Seeds = [unchecked(request.Seeds[0] + later)] },
        () => Random.Shared.NextInt64(Seeds));
}
