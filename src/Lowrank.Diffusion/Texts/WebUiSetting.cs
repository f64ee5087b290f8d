using System.Globalization;

namespace Lowrank.Diffusion;

/// <summary>A setting of AUTOMATIC1111 that a picture's text may carry.</summary>
/// <param name="Label">What it is called in the text: "Clip skip".</param>
/// <param name="Name">What it is called in the settings: "CLIP_stop_at_last_layers".</param>
/// <param name="Default">A bool, long, double or string; null where it has none, and is a text.</param>
public sealed record WebUiSetting(string Label, string Name, object? Default)
{
    /// <summary>A value as one of this setting's kind. Any text but "False" switches on, as in Python.</summary>
    /// <exception cref="LowrankException">It cannot be read as one.</exception>
    public object Cast(object value)
    {
        if (Default is null or string) return value as string ?? throw Misread(value.ToString()!);
        if (Default is bool) return value is not (false or 0L or "" or "False");
        if (value is string text) return Number(text) ?? throw Misread(text);
        double given = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return Default is double ? (object)given : (long)given;
    }

    object? Number(string text)
    {
        if (Default is double) return PythonNumbers.Float(text);
        return PythonNumbers.Int(text) is { } whole ? (long)whole : null;
    }

    string Kind => Default switch { null or string => "text", double => "number", _ => "whole number" };

    LowrankException Misread(string text) =>
        new(PlainValue.Misread(Label, text, Kind) + ". Is the picture's text damaged?");
}
