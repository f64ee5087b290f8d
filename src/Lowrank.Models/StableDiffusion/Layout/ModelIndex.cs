using System.Text.Json;

namespace Lowrank.Models;

/// <summary>A model_index.json: which pipeline a folder holds, and of which parts.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="PipelineClass">The diffusers class: "StableDiffusionPipeline", ...</param>
/// <param name="Components">Class of each part that is there, by its name, which is its folder's too.</param>
/// <param name="ForceZerosForEmptyPrompt">Whether a missing negative prompt means zeros instead of the encoded empty string (XL).</param>
sealed record ModelIndex(string Folder, string PipelineClass, IReadOnlyDictionary<string, string> Components, bool ForceZerosForEmptyPrompt)
{
    /// <summary>The index at a place.</summary>
    /// <exception cref="LowrankException">There is no such folder or index, or it is no diffusers pipeline.</exception>
    internal static ModelIndex Of(ModelPlace place) => place.Remember(static one => Read(one.Path));

    /// <summary>Reads the index of a folder.</summary>
    /// <exception cref="LowrankException">There is no such folder or index, or it is no diffusers pipeline.</exception>
    public static ModelIndex Read(string folder)
    {
        if (File.Exists(folder))
            throw new LowrankException(
                $"{folder} is a file, and here a folder in the diffusers layout is wanted: give the folder that holds it.");
        if (!Directory.Exists(folder))
            throw new LowrankException(
                $"The model {Path.GetFullPath(folder)} does not exist{NearestFiles.Told(folder)}. " +
                "Give a checkpoint file, or the folder that holds model_index.json.");
        string path = Path.Combine(folder, "model_index.json");
        if (!File.Exists(path))
            throw new LowrankException($"{folder} holds no model_index.json, so it is no diffusers model. {Hint(folder)}");
        var json = JsonFile.Object(path);
        if (!json.TryGetProperty("_class_name", out var name) || name.ValueKind != JsonValueKind.String)
            throw new LowrankException($"{path} names no pipeline (_class_name is missing). Download the file again.");
        string pipeline = name.GetString()!;
        var components = new Dictionary<string, string>();
        foreach (var property in json.EnumerateObject())
            if (ClassIn(property.Value) is { } component) components[property.Name] = component;
        bool zeros = json.TryGetProperty("force_zeros_for_empty_prompt", out var force) && force.ValueKind == JsonValueKind.True;
        return new ModelIndex(folder, pipeline, components, zeros);
    }

    // A part is a pair of library and class; one that is not there is a pair of nulls.
    static string? ClassIn(JsonElement value)
    {
        bool isPair = value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 2;
        return isPair && value[1].ValueKind == JsonValueKind.String ? value[1].GetString() : null;
    }

    /// <summary>The folder of a part, which must be one of the given classes.</summary>
    /// <exception cref="LowrankException">The index lacks the part, names another class, or the folder is missing.</exception>
    public string FolderOf(string component, params string[] classes)
    {
        if (!Components.TryGetValue(component, out string? found))
            throw new LowrankException($"{Path.Combine(Folder, "model_index.json")} lists no {component}. " +
                $"A {PipelineClass} needs one: download the whole model.");
        if (!classes.Contains(found))
            throw new LowrankException($"{Path.Combine(Folder, "model_index.json")} says that {component} is a {found}. " +
                $"Known is {string.Join(" or ", classes)}.");
        string folder = Path.Combine(Folder, component);
        return Directory.Exists(folder)
            ? folder
            : throw new LowrankException($"{folder} is missing, which model_index.json lists as {found}. Download the model to the end.");
    }

    static string Hint(string folder)
    {
        var folders = Directory.EnumerateDirectories(folder);
        string? inner = folders.FirstOrDefault(inner => File.Exists(Path.Combine(inner, "model_index.json")));
        if (inner is not null) return $"Did you mean {inner}?";
        var files = Directory.EnumerateFiles(folder, "*.safetensors").Concat(Directory.EnumerateFiles(folder, "*.ckpt"));
        if (files.FirstOrDefault() is { } single)
            return $"{Path.GetFileName(single)} in it may be a single-file checkpoint, or an adapter: give the file itself, or several " +
                $"as {Path.Combine(folder, $"*{Path.GetExtension(single)}")} where a command takes several.";
        return "Give the folder that holds model_index.json, unet/, vae/ and so on.";
    }
}
