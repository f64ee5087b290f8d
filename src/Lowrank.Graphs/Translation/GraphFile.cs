using System.Text.Json;

namespace Lowrank.Graphs;

/// <summary>Files that hold graphs: JSON in the API format or as the interface saves it, and pictures that tell theirs.</summary>
public static class GraphFile
{
    // A graph of a thousand nodes has 1 MB.
    const int LongestFile = 64 << 20;

    /// <summary>Reads a graph; of a picture the one that was run, and if it tells none the one that was drawn.</summary>
    /// <exception cref="LowrankException">There is no such file, it holds no graph, or one that is not understood.</exception>
    public static ReadGraph Read(string path)
    {
        if (Directory.Exists(path))
            throw new LowrankException($"{path} is a folder, and a graph is a file: JSON, or a picture that holds one. Give one of them.");
        if (!File.Exists(path)) throw new LowrankException($"{path} does not exist.");
        FileKind.RequireRegular(path);
        if (new FileInfo(path).Length is > LongestFile and var length)
            throw new LowrankException($"{path} has {length} bytes, and a graph that is read has {LongestFile} at most.");
        byte[] bytes = File.ReadAllBytes(path);
        var texts = PictureSignature.Of(bytes) is null ? null : PictureFile.ReadTexts(path);
        try
        {
            if (texts is not null) return OfPicture(texts);
            return Of(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\ufeff'), workflow: null);
        }
        catch (LowrankException error)
        {
            throw new LowrankException($"{path}: {error.Message}", error);
        }
    }

    static ReadGraph OfPicture(PictureTexts texts)
    {
        string? run = texts["prompt"], drawn = texts["workflow"];
        object? workflow = drawn is null ? null : Json(drawn);
        if (run is not null) return Of(run, workflow);
        if (drawn is not null) return Of(drawn, workflow);
        throw new LowrankException("the picture tells no graph: it has no text \"prompt\" or \"workflow\". " +
            (texts.InfoText is null
                ? "Was it made by ComfyUI, and not saved anew since?"
                : "It tells how it was made in AUTOMATIC1111's words: its text draws it."));
    }

    static ReadGraph Of(string text, object? workflow)
    {
        var read = Of(Json(text), workflow);
        var repeated = PythonJson.Repeated(text).Select(place => $"{place} stands more than once in the file, and the last one counts.");
        return read with { Notes = [.. repeated, .. read.Notes] };
    }

    static object? Json(string text)
    {
        try
        {
            return PythonJson.Read(text);
        }
        catch (JsonException error)
        {
            throw new LowrankException(JsonWords.Fault(error, text), error);
        }
    }

    static ReadGraph Of(object? document, object? workflow)
    {
        if (ServerCall.Of(document) is { } call)
            return new(ApiGraph.Of(call.Graph), workflow ?? call.Workflow, call.Notes);
        if (!SavedGraph.Is(document)) return new(ApiGraph.Of(document), workflow, []);
        var translated = GraphTranslation.Of(SavedGraph.Of(document));
        return new(translated.Graph, workflow ?? document, translated.Notes);
    }
}
