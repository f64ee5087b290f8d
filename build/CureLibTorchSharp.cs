using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes a copy of libLibTorchSharp.so that loads with the libstdc++ of Debian 12 and Ubuntu 22.04 too.</summary>
/// <remarks>
/// The library wants version GLIBCXX_3.4.32 for the one symbol _ZSt21ios_base_library_initv, an empty marker. The version need is rewritten to
/// GLIBCXX_3.4.20's, which the library has anyway, and the name to a symbol that every libstdc++ has under it. So it is done on every machine: the one
/// that builds need not be the one that runs. A library without that need is copied as it is.
/// </remarks>
public class CureLibTorchSharp : Task
{
    public string From { get; set; }
    public string To { get; set; }

    const string NewSymbol = "_ZSt21ios_base_library_initv", OldSymbol = "_ZSt13get_terminatev";
    const string NewVersion = "GLIBCXX_3.4.32", OldVersion = "GLIBCXX_3.4.20";

    public override bool Execute()
    {
        var bytes = File.ReadAllBytes(From);
        if (!Cure(bytes))
        {
            Log.LogError(null, "LOWRANK002", null, null, 0, 0, 0, 0, "libLibTorchSharp.so is not one that this build knows how to cure for an old libstdc++: it needs {0}, and no {1} or no {2} was found in {3}. " +
                "Use TorchSharp 0.107.0.", NewVersion, OldVersion, NewSymbol, From);
            return false;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(To));
        var aside = To + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(aside, bytes);
        try { File.Move(aside, To); }                    // projects race; each writes the same bytes
        catch (IOException) { File.Replace(aside, To, null); }
        return true;
    }

    // ELF64 little-endian. Section headers: 64 bytes each; type +4, offset +0x18, size +0x20, link +0x28, info +0x2c.
    static bool Cure(byte[] elf)
    {
        long table = BitConverter.ToInt64(elf, 0x28);
        int count = BitConverter.ToUInt16(elf, 0x3c);
        const uint versionNeeds = 0x6ffffffe;
        for (int s = 0; s < count; s++)
        {
            int header = (int)table + 64 * s;
            if (BitConverter.ToUInt32(elf, header + 4) != versionNeeds) continue;
            int needs = (int)BitConverter.ToInt64(elf, header + 0x18), needCount = BitConverter.ToInt32(elf, header + 0x2c);
            int stringHeader = (int)table + 64 * BitConverter.ToInt32(elf, header + 0x28);
            int strings = (int)BitConverter.ToInt64(elf, stringHeader + 0x18), stringsSize = (int)BitConverter.ToInt64(elf, stringHeader + 0x20);
            if (!TryFindAux(elf, needs, needCount, strings, NewVersion, out int wanted)) return true;
            if (!TryFindAux(elf, needs, needCount, strings, OldVersion, out int old)) return false;
            Array.Copy(elf, old, elf, wanted, 4);
            Array.Copy(elf, old + 8, elf, wanted + 8, 4);
            return RenameSymbol(elf, strings, stringsSize);
        }
        return true;
    }

    // A need: aux count u16 +2, first aux +8, next +12. An aux: hash +0, name +8, next +12.
    static bool TryFindAux(byte[] elf, int need, int needCount, int strings, string version, out int aux)
    {
        for (int n = 0; n < needCount; n++)
        {
            aux = need + BitConverter.ToInt32(elf, need + 8);
            for (int a = 0, auxCount = BitConverter.ToUInt16(elf, need + 2); a < auxCount; a++)
            {
                if (Text(elf, strings + BitConverter.ToInt32(elf, aux + 8)) == version) return true;
                aux += BitConverter.ToInt32(elf, aux + 12);
            }
            need += BitConverter.ToInt32(elf, need + 12);
        }
        aux = -1;
        return false;
    }

    static bool RenameSymbol(byte[] elf, int strings, int size)
    {
        var name = Encoding.ASCII.GetBytes(NewSymbol + "\0");
        for (int i = strings; i + name.Length <= strings + size; i++)
        {
            int k = 0;
            while (k < name.Length && elf[i + k] == name[k]) k++;
            if (k < name.Length) continue;
            var replacement = Encoding.ASCII.GetBytes(OldSymbol.PadRight(NewSymbol.Length, '\0'));
            Array.Copy(replacement, 0, elf, i, replacement.Length);
            return true;
        }
        return false;
    }

    static string Text(byte[] bytes, int at)
    {
        int end = Array.IndexOf(bytes, (byte)0, at);
        return Encoding.ASCII.GetString(bytes, at, end - at);
    }
}
