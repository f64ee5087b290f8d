using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>Writes a copy of libLibTorchSharp.so that loads with the libstdc++ of Debian 12 and Ubuntu 22.04.</summary>
/// <remarks>
/// The library wants version GLIBCXX_3.4.32 for the one symbol _ZSt21ios_base_library_initv, an empty marker. Where libstdc++ lacks it, the version
/// need is rewritten to GLIBCXX_3.4.20's and the name to a symbol that every libstdc++ has. Elsewhere the bytes are copied as they are.
/// </remarks>
public class CureLibTorchSharp : Task
{
    public string From { get; set; }
    public string To { get; set; }

    const string NewSymbol = "_ZSt21ios_base_library_initv", OldSymbol = "_ZSt13get_terminatev";
    const string NewVersion = "GLIBCXX_3.4.32", OldVersion = "GLIBCXX_3.4.20";

    [DllImport("libstdc++.so.6", EntryPoint = NewSymbol)]
    static extern void Probe();

    static bool LibstdcxxIsOld()
    {
        try { Probe(); return false; }
        catch (EntryPointNotFoundException) { return true; }
    }

    public override bool Execute()
    {
        var bytes = File.ReadAllBytes(From);
        if (LibstdcxxIsOld() && !Cure(bytes))
        {
            Log.LogError("libLibTorchSharp.so is not the one this build knows how to cure for an old libstdc++ (no need of {0}, {1} or {2} found in {3}). " +
                "Restore TorchSharp 0.107.0, install a libstdc++ of GCC 13 or later, or adapt build/CureLibTorchSharp.cs.", NewVersion, OldVersion, NewSymbol, From);
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
            return Rewrite(elf, needs, needCount, strings) && RenameSymbol(elf, strings, stringsSize);
        }
        return false;
    }

    // A need: aux count u16 +2, first aux +8, next +12. An aux: hash +0, name +8, next +12.
    static bool Rewrite(byte[] elf, int need, int needCount, int strings)
    {
        var auxes = new List<int>();
        for (int n = 0; n < needCount; n++)
        {
            int aux = need + BitConverter.ToInt32(elf, need + 8);
            for (int a = 0, auxCount = BitConverter.ToUInt16(elf, need + 2); a < auxCount; a++)
            {
                auxes.Add(aux);
                aux += BitConverter.ToInt32(elf, aux + 12);
            }
            need += BitConverter.ToInt32(elf, need + 12);
        }
        int wanted = auxes.FindIndex(a => Text(elf, strings + BitConverter.ToInt32(elf, a + 8)) == NewVersion);
        int old = auxes.FindIndex(a => Text(elf, strings + BitConverter.ToInt32(elf, a + 8)) == OldVersion);
        if (wanted < 0 || old < 0) return false;
        Array.Copy(elf, auxes[old], elf, auxes[wanted], 4);
        Array.Copy(elf, auxes[old] + 8, elf, auxes[wanted] + 8, 4);
        return true;
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
