namespace Lowrank.Workbench;

/// <summary>The sizes of a web UI's job.</summary>
/// <param name="First">Pixels of the first pass, as they are asked for.</param>
/// <param name="Second">What the second pass enlarges it to; null where there is none.</param>
sealed record WebUiSizes((int Width, int Height) First, HiresSize? Second)
{
    /// <summary>Those of a request.</summary>
    public static WebUiSizes Of(WebUiRequest request)
    {
        var (width, height) = (request.Width, request.Height);
        if (request.Hires is not { } second) return new((width, height), null);
        var (across, down) = second.Resize;
        if (request.Options.OldFirstPass)
        {
            (across, down) = (width, height);
            (width, height) = HiresSize.FirstPass(width, height);
        }
        var larger = across == 0 && down == 0
            ? HiresSize.Scaled(width, height, second.Scale) : HiresSize.Resized(width, height, across, down);
        return new((width, height), larger);
    }
}
