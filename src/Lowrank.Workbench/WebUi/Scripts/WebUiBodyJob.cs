using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lowrank.Workbench;

/// <summary>Does what AUTOMATIC1111 (1.10.1) does with a body that is sent to its HTTP interface, with the script that it names.</summary>
/// <param name="files">What the body's names lead to.</param>
/// <param name="listed">Models and autoencoders that axes of an X/Y/Z plot may name.</param>
/// <param name="precision">In which dtype networks are computed.</param>
/// <param name="device">Where.</param>
public sealed class WebUiBodyJob(IWebUiFiles files, WebUiFiles listed, Precision precision, Device device)
{
    const string Script = "script_name", Arguments = "script_args";

    /// <summary>Makes the pictures; those of a script begin with what it lays out.</summary>
    /// <param name="body">The body.</param>
    /// <param name="changesPictures">Whether it is img2img's.</param>
    /// <param name="picture">A picture of what the body gives: base64, or whatever a caller puts there.</param>
    /// <param name="cancel">Looked at between steps.</param>
    /// <exception cref="LowrankException">The body cannot be read or met, or its script is not run here.</exception>
    public WebUiAnswer Run(JsonObject body, bool changesPictures, Func<string, AlphaPicture> picture, CancellationToken cancel = default)
    {
        var plain = body.DeepClone().AsObject();
        string title = plain[Script] switch
        {
            null => "",
            var given when given.GetValueKind() == JsonValueKind.String => given.GetValue<string>(),
            var other => throw new LowrankException(PlainValue.Misread(Script, other.ToString(), "text")),
        };
        var args = plain[Arguments] switch
        {
            null => [],
            JsonArray given => given.DeepClone().AsArray(),
            var other => throw new LowrankException(PlainValue.Misread(Arguments, other.ToString(), "list of a script's arguments")),
        };
        plain.Remove(Script);
        if (title.Length > 0) plain.Remove(Arguments);
        if (title.Length == 0) return Draw(plain);
        var script = WebUiScripts.Named(title);
        return script.Run(new(plain, changesPictures, listed, Draw), new(script.Title, args));

        WebUiAnswer Draw(JsonObject one) => new WebUiJob(files, precision, device)
            .Run(WebUiRequestReader.Read(one.Deserialize<JsonElement>(), changesPictures, files.Styles, picture), cancel: cancel);
    }
}
