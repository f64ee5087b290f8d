namespace Lowrank.Workbench;

/// <summary>How a grid finds what it needs in requests for pictures.</summary>
static class GridJobs
{
    // Below it, as programs draw seeds.
    const long Seeds = 1L << 31;

    /// <summary>Size and seed of a request for one picture; no size where it is the model's own, as nobody has read it yet.</summary>
    public static GridSubject<GeneratingRequest> Subject { get; } = new(
        request => (request.Options.Width ?? 0, request.Options.Height ?? 0),
        (request, later) => request with { Seeds = [unchecked(request.Seeds[0] + later)] },
        () => Random.Shared.NextInt64(Seeds));
}
