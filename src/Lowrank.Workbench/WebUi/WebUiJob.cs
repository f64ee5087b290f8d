namespace Lowrank.Workbench;

/// <summary>Does what AUTOMATIC1111 (1.10.1) does with a request of its HTTP interface: the same pictures, with the same texts.</summary>
/// <param name="files">What the request's names lead to.</param>
/// <param name="precision">In which dtype networks are computed.</param>
/// <param name="device">Where.</param>
public sealed class WebUiJob(IWebUiFiles files, Precision precision, Device device)
{
    /// <summary>The draws of what an autoencoder is asked; by the pictures' seeds unless others are given.</summary>
    public EncodingDraws EncodingDraws { get; init; } = EncodingDraws.OfSeeds;

    /// <summary>Makes the pictures.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="watch">Told of what happens on the way.</param>
    /// <param name="cancel">Looked at between steps.</param>
    /// <exception cref="LowrankException">The request cannot be met.</exception>
    public WebUiAnswer Run(WebUiRequest request, WebUiWatch? watch = null, CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        using var run = new WebUiRun(files, request, precision, device, EncodingDraws, watch ?? new());
        return run.Draw(cancel);
    }
}
